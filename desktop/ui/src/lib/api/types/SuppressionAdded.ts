// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `suppression.add`
 */
export type SuppressionAdded = { 
/**
 * It was not on the list already.
 */
added: boolean, };
