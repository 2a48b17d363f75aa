// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What a newcomer does first.
 */
export type FirstStepKind = "domain" | "records" | "key" | "mailbox" | "send";
