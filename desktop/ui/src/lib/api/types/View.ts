export type View = 'overview' | 'domain' | 'email' | 'outbox' | 'webhook' | 'relay' | 'mailbox' | 'key';
