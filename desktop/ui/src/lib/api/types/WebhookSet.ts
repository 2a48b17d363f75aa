// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { EventKind } from "./EventKind";

/**
 * `webhook.set`: null leaves.
 */
export type WebhookSet = { id: number, url: string | null, events: Array<EventKind> | null, 
/**
 * Switched on, it goes on where it stopped.
 */
on: boolean | null, };
