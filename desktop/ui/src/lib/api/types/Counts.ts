// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Recipients' copies that were sent, and messages that came.
 */
export type Counts = { 
/**
 * Accepted to be sent.
 */
sent: number, delivered: number, bounced: number, received: number, };
