// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * One call.
 */
export type WebhookAttempt = { at: string, 
/**
 * Null where there was no answer.
 */
status: number | null, 
/**
 * What was answered, or what stood in the way.
 */
answer: string | null, };
