// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * How a connection is secured.
 */
export type Security = "plain" | "starttls" | "tls";
