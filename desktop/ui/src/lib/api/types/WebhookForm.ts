// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { EventKind } from "./EventKind";

/**
 * A form that webhooks have.
 */
export type WebhookForm = { name: string, 
/**
 * What it can tell.
 */
events: Array<EventKind>, 
/**
 * It has to be one domain's.
 */
domain: boolean, };
