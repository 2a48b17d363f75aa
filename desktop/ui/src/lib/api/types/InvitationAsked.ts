// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `session.invitation`
 */
export type InvitationAsked = { 
/**
 * From the link.
 */
token: string, };
