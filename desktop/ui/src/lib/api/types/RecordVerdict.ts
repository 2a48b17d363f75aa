// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What DNS said of a record.
 */
export type RecordVerdict = "right" | "missing" | "wrong" | "unknown";
