// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What a mail program speaks.
 */
export type ClientProtocol = "imap" | "pop3" | "submission";
