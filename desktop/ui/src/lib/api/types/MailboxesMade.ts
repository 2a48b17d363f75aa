// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { MailboxResult } from "./MailboxResult";

/**
 * `mailbox.make_many`
 */
export type MailboxesMade = { 
/**
 * In the order of the lines.
 */
results: Array<MailboxResult>, };
