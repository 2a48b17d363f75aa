// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What changed.
 */
export type ChangedKind = "email" | "delivery" | "event" | "message" | "mailbox" | "webhook" | "task" | "all";
