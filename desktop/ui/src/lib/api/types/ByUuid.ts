// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * One thing by its UUID.
 */
export type ByUuid = { 
/**
 * The UUID.
 */
id: string, };
