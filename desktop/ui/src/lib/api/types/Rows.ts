// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * A list that is not paged.
 */
export type Rows<T> = { 
/**
 * The rows.
 */
rows: Array<T>, };
