// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Why.
 */
export type SuppressionReason = "bounce" | "complaint" | "unsubscribe" | "manual";
