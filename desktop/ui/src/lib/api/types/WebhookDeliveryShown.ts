// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { WebhookAttempt } from "./WebhookAttempt";
import type { WebhookDeliveryRow } from "./WebhookDeliveryRow";

/**
 * `webhook.delivery`
 */
export type WebhookDeliveryShown = { row: WebhookDeliveryRow, 
/**
 * What is sent.
 */
payload: string, attempts: Array<WebhookAttempt>, };
