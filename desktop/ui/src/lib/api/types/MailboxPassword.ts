// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `mailbox.password`
 */
export type MailboxPassword = { address: string, 
/**
 * Null: one is made, and shown once.
 */
password: string | null, };
