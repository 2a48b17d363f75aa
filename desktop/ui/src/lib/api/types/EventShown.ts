// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { EventKind } from "./EventKind";

/**
 * Something that happened.
 */
export type EventShown = { at: string, kind: EventKind, 
/**
 * In words.
 */
text: string | null, 
/**
 * To which recipient.
 */
recipient: string | null, 
/**
 * The link that was followed.
 */
url: string | null, };
