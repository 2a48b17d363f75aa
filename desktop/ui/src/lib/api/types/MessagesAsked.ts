// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Folder } from "./Folder";

/**
 * `message.list`
 */
export type MessagesAsked = { 
/**
 * Only one mailbox's, by address.
 */
mailbox: string | null, folder: Folder | null, before: string | null, 
/**
 * 50 unless said, 200 at most.
 */
limit: number | null, 
/**
 * Only with this in subject, sender or recipients: of the newest 20,000.
 */
search: string | null, };
