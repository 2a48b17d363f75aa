// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * How far a try got.
 */
export type AttemptStepKind = "planned" | "connected" | "data_sent" | "settled";
