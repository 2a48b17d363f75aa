export type RecordVerdict = 'right' | 'missing' | 'wrong' | 'unknown';
