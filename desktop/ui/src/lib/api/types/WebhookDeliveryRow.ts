// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { EventKind } from "./EventKind";
import type { WebhookState } from "./WebhookState";

/**
 * One event on its way to one webhook.
 */
export type WebhookDeliveryRow = { id: number, event: EventKind, state: WebhookState, attempts: number, next_at: string | null, last_status: number | null, last_error: string | null, created_at: string, updated_at: string, };
