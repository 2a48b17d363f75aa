// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * A mail server.
 */
export type RecipientHost = { preference: number | null, host: string, addresses: Array<string>, error: string | null, };
