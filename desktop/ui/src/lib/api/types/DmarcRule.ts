export type DmarcRule = 'enforce' | 'flag' | 'ignore';
