// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `message.remove`
 */
export type MessageRemove = { 
/**
 * At most 200.
 */
ids: Array<number>, };
