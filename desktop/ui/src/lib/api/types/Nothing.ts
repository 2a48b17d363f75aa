// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Nothing to say.
 */
export type Nothing = Record<symbol, never>;
