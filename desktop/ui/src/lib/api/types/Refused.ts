import type { RefusedKind } from './RefusedKind';

export interface Refused {
  kind: RefusedKind;
  /** In a word, such as `name_taken`. */
  code: string;
  /** A sentence that says how to mend it. */
  message: string;
  /** By field of the input: what is wrong with it. */
  fields: Record<string, string>;
  /** How long to wait before trying again. */
  wait_ms: number | null;
  /** The number of the request, for the log. */
  request: string | null;
}
