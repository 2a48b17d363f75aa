// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `mailbox.rename`
 */
export type MailboxRename = { address: string, to: string, };
