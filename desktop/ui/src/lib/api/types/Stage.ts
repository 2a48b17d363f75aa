export type Stage = 'connect' | 'greeting' | 'tls' | 'hello' | 'auth' | 'mail' | 'rcpt' | 'data' | 'content' | 'answer';
