// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What became of an email. Of several recipients the one that fared worst speaks.
 */
export type EmailStatus = "queued" | "scheduled" | "sent" | "delivered" | "complained" | "refused" | "bounced" | "failed" | "canceled";
