export type ClientProtocol = 'imap' | 'pop3' | 'submission';
