// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { AttachmentShown } from "./AttachmentShown";
import type { Folder } from "./Folder";
import type { Header } from "./Header";
import type { TraceShown } from "./TraceShown";
import type { Verdicts } from "./Verdicts";

/**
 * `message.show`
 */
export type MessageShown = { id: number, mailbox: string, from: string, to: Array<string>, cc: Array<string>, reply_to: Array<string>, subject: string | null, at: string, 
/**
 * What the message says of itself.
 */
date: string | null, 
/**
 * Without angle brackets.
 */
message_id: string | null, size_bytes: number, seen: boolean, starred: boolean, folder: Folder, labels: Array<string>, 
/**
 * The UUID of the email that it was captured or delivered here from.
 */
email: string | null, headers: Array<Header>, 
/**
 * Made from the html where there is no text.
 */
text: string, has_html: boolean, 
/**
 * The html cleaned of all that acts or loads, for a sandboxed frame.
 */
html_url: string | null, attachments: Array<AttachmentShown>, links: Array<string>, 
/**
 * Null where it came by no server.
 */
trace: TraceShown | null, 
/**
 * Null where nobody checked.
 */
verdicts: Verdicts | null, raw_url: string, };
