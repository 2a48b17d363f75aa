// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `suppression.import`
 */
export type SuppressionsImported = { rows: number, added: number, already: number, 
/**
 * Bounces of addresses that bounces may not suppress.
 */
spared: number, bad: number, 
/**
 * The first of the bad ones, in words.
 */
faults: Array<string>, 
/**
 * Why the rest was not read.
 */
stopped: string | null, };
