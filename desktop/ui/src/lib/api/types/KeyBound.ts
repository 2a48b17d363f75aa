export type KeyBound = 'domain' | 'organization' | 'user';
