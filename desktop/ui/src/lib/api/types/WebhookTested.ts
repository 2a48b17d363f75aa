// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `webhook.test`: a call with an example, made at once.
 */
export type WebhookTested = { ok: boolean, 
/**
 * Null where there was no answer.
 */
status: number | null, error: string | null, };
