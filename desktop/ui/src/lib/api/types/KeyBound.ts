// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What keys are bound to.
 */
export type KeyBound = "domain" | "organization" | "user";
