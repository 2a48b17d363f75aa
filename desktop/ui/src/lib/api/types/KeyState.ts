// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Whether a key is accepted.
 */
export type KeyState = "valid" | "expired" | "revoked";
