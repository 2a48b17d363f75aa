// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What a record is for.
 */
export type RecordPurpose = "dkim" | "dkim_ed25519" | "return_path" | "dmarc" | "spf" | "mx" | "mail_from_mx" | "mail_from_spf";
