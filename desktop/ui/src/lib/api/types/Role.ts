export type Role = 'owner' | 'member' | 'reader';
