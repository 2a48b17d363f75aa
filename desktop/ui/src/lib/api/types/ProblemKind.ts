export type ProblemKind = 'domain_records' | 'held' | 'unknown' | 'waiting' | 'webhook_off' | 'no_route' | 'mailbox_full' | 'standing';
