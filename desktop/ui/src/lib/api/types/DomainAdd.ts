// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `domain.add`
 */
export type DomainAdd = { host: string, 
/**
 * A person's name for it.
 */
name: string | null, };
