import type { ChangedKind } from './ChangedKind';

export interface Changed {
  /** `all`: so much that everything may be fetched anew. */
  what: ChangedKind;
  /** The number of the one message that came, where it was one; else null. */
  id: number | null;
}
