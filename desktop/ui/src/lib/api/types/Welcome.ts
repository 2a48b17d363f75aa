// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `session.welcome`
 */
export type Welcome = { 
/**
 * From the link.
 */
token: string, 
/**
 * What to be called; null where the link says it.
 */
name: string | null, password: string, };
