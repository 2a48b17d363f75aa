// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Whose a mailbox is, and what it can do.
 */
export type MailboxKind = "public" | "implicit" | "reserved" | "full";
