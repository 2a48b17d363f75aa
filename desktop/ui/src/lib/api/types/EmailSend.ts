// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `email.send`
 */
export type EmailSend = { 
/**
 * One address, with or without a name.
 */
from: string, to: Array<string>, cc: Array<string>, bcc: Array<string>, reply_to: string | null, subject: string, text: string | null, html: string | null, 
/**
 * It is kept here, whatever the console's key may cause.
 */
test: boolean, };
