// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { EventKind } from "./EventKind";

/**
 * `webhook.make`
 */
export type WebhookMake = { 
/**
 * Of `webhook.forms`.
 */
form: string, url: string, 
/**
 * Empty: all that the form can tell.
 */
events: Array<EventKind>, 
/**
 * One domain's events, by host; null: all.
 */
domain: string | null, };
