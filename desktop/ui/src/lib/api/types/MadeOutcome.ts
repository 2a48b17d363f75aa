// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What came of one of many.
 */
export type MadeOutcome = "made" | "exists" | "malformed" | "not_ours" | "full" | "failed";
