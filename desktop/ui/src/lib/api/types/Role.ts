// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What a person may do.
 */
export type Role = "owner" | "member" | "reader";
