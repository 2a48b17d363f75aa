// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `webhook.deliveries`
 */
export type WebhookDeliveriesAsked = { id: number, before: string | null, 
/**
 * 50 unless said, 200 at most.
 */
limit: number | null, };
