// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { MailboxKind } from "./MailboxKind";

/**
 * A mailbox in a list.
 */
export type MailboxRow = { address: string, kind: MailboxKind, name: string, 
/**
 * Null: anything.
 */
quota_bytes: number | null, used_bytes: number, messages: number, unread: number, suspended: boolean, removed_at: string | null, has_password: boolean, created_at: string, };
