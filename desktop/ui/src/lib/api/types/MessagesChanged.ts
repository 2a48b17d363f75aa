// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `message.mark`, `message.move`, `message.remove`
 */
export type MessagesChanged = { 
/**
 * How many there were.
 */
messages: number, };
