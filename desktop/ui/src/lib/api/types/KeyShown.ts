import type { KeyRow } from './KeyRow';

export interface KeyShown {
  key: KeyRow;
  /** What mail of an allow-list key may leave for. */
  allowed: Array<string>;
}
