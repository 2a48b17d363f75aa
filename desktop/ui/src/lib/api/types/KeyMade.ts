// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { KeyRow } from "./KeyRow";

/**
 * `key.make`: the token is shown once.
 */
export type KeyMade = { id: number, token: string, key: KeyRow, 
/**
 * A first call with it, to paste into a shell.
 */
example: string, };
