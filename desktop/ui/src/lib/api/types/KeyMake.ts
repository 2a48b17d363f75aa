import type { Mode } from './Mode';

export interface KeyMake {
  /** Of `key.shapes`. */
  shape: string;
  name: string | null;
  /** Where its kind is bound to one: the host. */
  domain: string | null;
  /** Where its kind is bound to one: the person's name; null: the first. */
  user: string | null;
  /** In the words of its shape; empty: the ordinary ones. */
  scopes: Array<string>;
  /** Null: what the settings say. `allow_list` and `live` are an owner's to give. */
  mode: Mode | null;
  /** From when it is refused, RFC 3339. */
  expires_at: string | null;
  /** A test key of its kind. */
  test: boolean;
}
