export type FirstStepKind = 'domain' | 'records' | 'key' | 'mailbox' | 'send';
