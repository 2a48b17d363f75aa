// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `search.all`
 */
export type SearchAsked = { text: string, };
