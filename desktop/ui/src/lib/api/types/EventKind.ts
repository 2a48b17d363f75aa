// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What happened.
 */
export type EventKind = "queued" | "delivered" | "deferred" | "bounced" | "spam" | "held" | "released" | "burned" | "suppressed" | "canceled" | "complained" | "opened" | "clicked" | "unsubscribed" | "received" | "unknown";
