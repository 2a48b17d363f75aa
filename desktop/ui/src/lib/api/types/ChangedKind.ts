export type ChangedKind = 'email' | 'delivery' | 'event' | 'message' | 'mailbox' | 'webhook' | 'task' | 'all';
