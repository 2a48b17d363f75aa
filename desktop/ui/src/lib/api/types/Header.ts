// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * A header field.
 */
export type Header = { name: string, value: string, };
