// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * A page of a list.
 */
export type Page<T> = { 
/**
 * The rows.
 */
rows: Array<T>, 
/**
 * What to ask for as `before` for the next page; null at the end.
 */
next: string | null, 
/**
 * How many rows there are in all, where that is cheap to tell.
 */
total: number | null, };
