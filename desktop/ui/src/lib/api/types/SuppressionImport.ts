// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `suppression.import`
 */
export type SuppressionImport = { 
/**
 * Columns address, reason, domain, detail and created_at in any order.
 */
csv: string, 
/**
 * Only told what would be.
 */
rehearse: boolean, };
