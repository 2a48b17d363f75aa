// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What kind of no it is, with its HTTP status.
 */
export type RefusedKind = "denied" | "missing" | "invalid" | "conflict" | "busy" | "too_large" | "unknown" | "internal";
