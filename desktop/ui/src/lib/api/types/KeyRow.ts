// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { KeyBoundTo } from "./KeyBoundTo";
import type { KeyState } from "./KeyState";
import type { Mode } from "./Mode";

/**
 * A key in a list.
 */
export type KeyRow = { id: number, name: string | null, 
/**
 * The kind of key, of `key.shapes`.
 */
shape: string, 
/**
 * What may be shown of its token.
 */
prefix: string, mode: Mode, 
/**
 * In the words of its shape.
 */
scopes: Array<string>, bound_to: KeyBoundTo, rate_per_minute: number | null, state: KeyState, created_at: string, expires_at: string | null, last_used_at: string | null, revoked_at: string | null, };
