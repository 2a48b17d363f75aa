// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `relay.order`
 */
export type RelayOrder = { 
/**
 * All of them, the one to be tried first in front.
 */
ids: Array<number>, };
