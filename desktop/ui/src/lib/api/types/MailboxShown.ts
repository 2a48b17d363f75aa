// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { FolderRow } from "./FolderRow";
import type { MailboxRow } from "./MailboxRow";
import type { Switch } from "./Switch";

/**
 * `mailbox.show`
 */
export type MailboxShown = { mailbox: MailboxRow, folders: Array<FolderRow>, keep_sent: Switch, 
/**
 * What it keeps where it is not as the organization's do.
 */
keep_days: number | null, keep_messages: number | null, keep_bytes: number | null, };
