// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `webhook.delivery`, `webhook.replay`
 */
export type WebhookDeliveryAsked = { 
/**
 * The delivery's number.
 */
delivery: number, };
