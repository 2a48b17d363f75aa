// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { EventKind } from "./EventKind";

/**
 * A webhook.
 */
export type WebhookRow = { id: number, form: string, 
/**
 * Without what in it is secret.
 */
url: string, events: Array<EventKind>, domain: string | null, on: boolean, stopped_because: string | null, 
/**
 * The end of its secret.
 */
secret_hint: string | null, created_at: string, };
