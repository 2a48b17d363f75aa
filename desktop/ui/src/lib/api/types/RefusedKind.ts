export type RefusedKind = 'denied' | 'missing' | 'invalid' | 'conflict' | 'busy' | 'too_large' | 'unknown' | 'internal';
