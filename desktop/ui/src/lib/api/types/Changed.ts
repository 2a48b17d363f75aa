// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { ChangedKind } from "./ChangedKind";

/**
 * A frame: something changed, so that lists of it may be fetched anew.
 */
export type Changed = { 
/**
 * `all`: so much that everything may be fetched anew.
 */
what: ChangedKind, 
/**
 * The number of the one message that came, where it was one; else null.
 */
id: number | null, };
