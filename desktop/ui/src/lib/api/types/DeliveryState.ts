// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Where one recipient's copy stands.
 */
export type DeliveryState = "queued" | "sending" | "deferred" | "held" | "delivered" | "complained" | "bounced" | "suppressed" | "burned" | "canceled";
