export type MailboxKind = 'public' | 'implicit' | 'reserved' | 'full';
