export type Kind = 'server' | 'desktop';
