// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * A domain in a list.
 */
export type DomainRow = { host: string, name: string | null, verified: boolean, 
/**
 * Mail may leave in its name.
 */
sending: boolean, 
/**
 * Records that are not as they should be.
 */
problems: number, created_at: string, };
