// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { MailboxKind } from "./MailboxKind";

/**
 * `mailbox.list`
 */
export type MailboxesAsked = { before: string | null, 
/**
 * 50 unless said, 200 at most.
 */
limit: number | null, 
/**
 * In address or name.
 */
search: string | null, 
/**
 * Only people's; null: every address that keeps mail.
 */
kind: MailboxKind | null, };
