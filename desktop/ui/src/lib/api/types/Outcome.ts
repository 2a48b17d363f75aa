export type Outcome = 'sent' | 'deferred' | 'refused' | 'not_sent' | 'unknown';
