// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What is in a bad way.
 */
export type ProblemKind = "domain_records" | "held" | "unknown" | "waiting" | "webhook_off" | "no_route" | "mailbox_full" | "standing";
