// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { DeliveryShown } from "./DeliveryShown";
import type { EmailStatus } from "./EmailStatus";
import type { EventShown } from "./EventShown";

/**
 * `email.show`
 */
export type EmailShown = { 
/**
 * Its UUID.
 */
id: string, 
/**
 * Its number, as the command line has it.
 */
number: number, 
/**
 * Without angle brackets.
 */
message_id: string, at: string, 
/**
 * When it is to be sent, if not at once.
 */
send_at: string | null, from: string, to: Array<string>, cc: Array<string>, bcc: Array<string>, reply_to: string | null, subject: string | null, status: EmailStatus, tags: Array<string>, 
/**
 * The host of the domain it was sent from.
 */
domain: string | null, 
/**
 * What was said last, where it did not arrive.
 */
trouble: string | null, 
/**
 * It waits for a person: `email.release` and `email.burn` decide.
 */
held: boolean, 
/**
 * It can be taken back: `email.cancel`.
 */
cancelable: boolean, deliveries: Array<DeliveryShown>, events: Array<EventShown>, text: string | null, has_html: boolean, raw_url: string, };
