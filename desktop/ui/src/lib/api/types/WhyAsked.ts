// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `email.why`
 */
export type WhyAsked = { 
/**
 * The email's UUID.
 */
id: string, 
/**
 * Ask DNS what it says now: takes up to four seconds.
 */
dns: boolean, };
