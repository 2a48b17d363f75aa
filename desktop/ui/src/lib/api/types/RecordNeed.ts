// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Whether sending needs a record.
 */
export type RecordNeed = "required" | "recommended" | "receiving";
