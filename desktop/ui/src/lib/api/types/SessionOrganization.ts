// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * Whose console this is.
 */
export type SessionOrganization = { id: number, name: string, };
