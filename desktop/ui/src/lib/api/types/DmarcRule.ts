// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What is made of mail that fails DMARC.
 */
export type DmarcRule = "enforce" | "flag" | "ignore";
