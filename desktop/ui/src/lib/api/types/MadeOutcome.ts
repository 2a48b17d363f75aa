export type MadeOutcome = 'made' | 'exists' | 'malformed' | 'not_ours' | 'full' | 'failed';
