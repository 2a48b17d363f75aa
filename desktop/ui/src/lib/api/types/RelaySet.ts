// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `relay.set`: null leaves.
 */
export type RelaySet = { id: number, 
/**
 * 0 lifts the limit.
 */
hourly: number | null, 
/**
 * 0 lifts the limit.
 */
daily: number | null, 
/**
 * Empty takes it away.
 */
sender: string | null, };
