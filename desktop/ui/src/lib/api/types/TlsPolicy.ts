// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What a domain's mail asks of TLS.
 */
export type TlsPolicy = "opportunistic" | "required";
