// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { DomainRow } from "./DomainRow";
import type { EmailRow } from "./EmailRow";
import type { MailboxRow } from "./MailboxRow";
import type { MessageRow } from "./MessageRow";

/**
 * `search.all`: the newest few of each.
 */
export type Found = { emails: Array<EmailRow>, messages: Array<MessageRow>, domains: Array<DomainRow>, mailboxes: Array<MailboxRow>, };
