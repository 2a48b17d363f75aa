export type Mode = 'capture' | 'hold' | 'allow_list' | 'live';
