// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What a key may cause to happen with mail.
 */
export type Mode = "capture" | "hold" | "allow_list" | "live";
