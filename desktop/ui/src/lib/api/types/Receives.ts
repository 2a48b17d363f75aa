export type Receives = 'any' | 'known' | 'nothing';
