// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What a try came to.
 */
export type Outcome = "sent" | "deferred" | "refused" | "not_sent" | "unknown";
