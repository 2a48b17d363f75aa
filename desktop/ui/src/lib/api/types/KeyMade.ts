import type { KeyRow } from './KeyRow';

export interface KeyMade {
  id: number;
  token: string;
  key: KeyRow;
  /** A first call with it, to paste into a shell. */
  example: string;
}
