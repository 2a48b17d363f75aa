// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * How a message came.
 */
export type TraceShown = { remote: string, helo: string, tls: string | null, 
/**
 * Null for the null one.
 */
envelope_from: string | null, };
