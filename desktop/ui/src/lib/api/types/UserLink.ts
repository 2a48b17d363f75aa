// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `user.make`, `user.link`: the link is shown once.
 */
export type UserLink = { id: number, name: string, 
/**
 * The way in, to be used once, behind the console's address: `/#/welcome/…`.
 */
path: string, expires_at: string, };
