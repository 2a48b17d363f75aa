// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Mode } from "./Mode";

/**
 * `key.make`
 */
export type KeyMake = { 
/**
 * Of `key.shapes`.
 */
shape: string, name: string | null, 
/**
 * Where its kind is bound to one: the host.
 */
domain: string | null, 
/**
 * Where its kind is bound to one: the person's name; null: the first.
 */
user: string | null, 
/**
 * In the words of its shape; empty: the ordinary ones.
 */
scopes: Array<string>, 
/**
 * Null: what the settings say. `allow_list` and `live` are an owner's to give.
 */
mode: Mode | null, 
/**
 * From when it is refused, RFC 3339.
 */
expires_at: string | null, 
/**
 * A test key of its kind.
 */
test: boolean, };
