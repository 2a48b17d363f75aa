// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Switch } from "./Switch";

/**
 * `mailbox.set`: null leaves.
 */
export type MailboxSet = { address: string, name: string | null, 
/**
 * 0: anything.
 */
quota_bytes: number | null, keep_sent: Switch | null, 
/**
 * For how many days, how many messages, how many bytes it keeps mail; 0: as the
 * organization does.
 */
keep_days: number | null, keep_messages: number | null, keep_bytes: number | null, };
