// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `overview.show`
 */
export type OverviewAsked = { 
/**
 * How many days back; 14 unless said, 90 at most.
 */
days: number | null, };
