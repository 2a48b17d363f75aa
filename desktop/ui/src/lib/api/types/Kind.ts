// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Where this is.
 */
export type Kind = "server" | "desktop";
