// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * The field that a recipient was named in.
 */
export type RecipientField = "to" | "cc" | "bcc";
