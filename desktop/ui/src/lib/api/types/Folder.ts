// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Where in its mailbox a message lies.
 */
export type Folder = "inbox" | "all" | "spam" | "trash" | "sent" | "drafts";
