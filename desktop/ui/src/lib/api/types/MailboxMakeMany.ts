// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { MailboxMake } from "./MailboxMake";

/**
 * `mailbox.make_many`: at most 100.
 */
export type MailboxMakeMany = { lines: Array<MailboxMake>, };
