// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Where something is looked at.
 */
export type View = "overview" | "domain" | "email" | "outbox" | "webhook" | "relay" | "mailbox" | "key";
