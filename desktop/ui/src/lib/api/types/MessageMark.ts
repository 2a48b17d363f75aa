// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `message.mark`
 */
export type MessageMark = { 
/**
 * At most 200.
 */
ids: Array<number>, seen: boolean | null, starred: boolean | null, };
