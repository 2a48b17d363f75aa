// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What is spoken.
 */
export type ListenerKind = "http" | "https" | "smtp_inbound" | "smtp_submission" | "smtp_submissions" | "smtp_capture" | "imap" | "imaps" | "pop3" | "pop3s";
