// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `mailbox.make`
 */
export type MailboxMake = { address: string, name: string, 
/**
 * Null: anything.
 */
quota_bytes: number | null, 
/**
 * Null: one is made, and shown once.
 */
password: string | null, };
