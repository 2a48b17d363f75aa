// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Which addresses a domain takes mail for.
 */
export type Receives = "any" | "known" | "nothing";
