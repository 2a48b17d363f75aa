// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * A domain by its host name.
 */
export type ByHost = { 
/**
 * The host name.
 */
host: string, };
