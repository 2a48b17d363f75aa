// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * A mailbox or an address.
 */
export type ByAddress = { 
/**
 * The address.
 */
address: string, };
