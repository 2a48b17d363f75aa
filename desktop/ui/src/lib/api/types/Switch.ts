export type Switch = 'off' | 'on';
