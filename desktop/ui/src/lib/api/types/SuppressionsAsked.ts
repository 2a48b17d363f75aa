// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `suppression.list`
 */
export type SuppressionsAsked = { before: string | null, 
/**
 * 50 unless said, 200 at most.
 */
limit: number | null, 
/**
 * In the address.
 */
search: string | null, 
/**
 * Only one domain's list, by host; null: all.
 */
domain: string | null, };
