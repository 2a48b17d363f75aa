// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `email.send`
 */
export type EmailSent = { 
/**
 * The email's UUID.
 */
id: string, message_id: string, };
