// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Whether something is on.
 */
export type Switch = "off" | "on";
