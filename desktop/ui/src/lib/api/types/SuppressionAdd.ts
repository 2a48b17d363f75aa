// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `suppression.add`
 */
export type SuppressionAdd = { address: string, 
/**
 * For one domain's mail, by host; null: the organization's.
 */
domain: string | null, detail: string | null, };
