// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * How bad it is.
 */
export type Severity = "error" | "warning";
