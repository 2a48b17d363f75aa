// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What is on its way.
 */
export type Queue = { waiting: number, 
/**
 * For a person.
 */
held: number, 
/**
 * Of these, those of which nobody knows whether they were sent.
 */
unknown: number, 
/**
 * Since when the oldest waits.
 */
oldest_at: string | null, };
