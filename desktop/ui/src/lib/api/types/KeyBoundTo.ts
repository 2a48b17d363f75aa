import type { KeyBound } from './KeyBound';

export interface KeyBoundTo {
  kind: KeyBound;
  /** The domain's host or the person's name; null for the organization. */
  name: string | null;
}
