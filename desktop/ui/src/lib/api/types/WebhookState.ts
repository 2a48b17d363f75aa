// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Where a call stands.
 */
export type WebhookState = "pending" | "delivered" | "failed";
