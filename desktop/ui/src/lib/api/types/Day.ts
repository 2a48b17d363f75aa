// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * One day in UTC.
 */
export type Day = { 
/**
 * Such as `2026-03-09`.
 */
day: string, sent: number, delivered: number, bounced: number, received: number, };
