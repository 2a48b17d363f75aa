// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `session.sign_in`
 */
export type SignIn = { name: string, password: string, };
