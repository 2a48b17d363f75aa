export type KeyState = 'valid' | 'expired' | 'revoked';
