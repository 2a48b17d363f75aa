// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * A page of a list.
 */
export type Paged = { 
/**
 * Where the page before it ended: its `next`.
 */
before: string | null, 
/**
 * How many rows; 50 unless said, 200 at most.
 */
limit: number | null, };
