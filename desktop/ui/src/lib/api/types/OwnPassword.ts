// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `session.password`
 */
export type OwnPassword = { 
/**
 * The one there is.
 */
current: string, 
/**
 * The one there shall be.
 */
password: string, };
