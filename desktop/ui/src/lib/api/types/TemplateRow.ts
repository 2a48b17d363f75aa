// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * A template in a list.
 */
export type TemplateRow = { 
/**
 * Its UUID.
 */
id: string, name: string, published: boolean, 
/**
 * How often it was published.
 */
version: number, updated_at: string, };
