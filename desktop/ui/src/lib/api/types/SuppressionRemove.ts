// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `suppression.remove`
 */
export type SuppressionRemove = { address: string, 
/**
 * From whose list; null: the organization's.
 */
domain: string | null, };
