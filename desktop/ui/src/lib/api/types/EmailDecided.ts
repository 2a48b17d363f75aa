// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `email.release`, `email.burn`
 */
export type EmailDecided = { 
/**
 * How many recipients it was about.
 */
recipients: number, };
