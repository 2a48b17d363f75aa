// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `mailbox.make`, `mailbox.password`
 */
export type MailboxMade = { address: string, 
/**
 * Only where it was made here; shown once.
 */
password: string | null, };
