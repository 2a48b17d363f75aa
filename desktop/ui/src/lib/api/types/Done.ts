// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * It is done.
 */
export type Done = Record<symbol, never>;
