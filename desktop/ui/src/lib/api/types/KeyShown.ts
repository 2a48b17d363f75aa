// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { KeyRow } from "./KeyRow";

/**
 * `key.show`
 */
export type KeyShown = { key: KeyRow, 
/**
 * What mail of an allow-list key may leave for.
 */
allowed: Array<string>, };
