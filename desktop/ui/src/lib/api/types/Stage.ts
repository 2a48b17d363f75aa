// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * How far a conversation came.
 */
export type Stage = "connect" | "greeting" | "tls" | "hello" | "auth" | "mail" | "rcpt" | "data" | "content" | "answer";
