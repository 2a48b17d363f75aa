// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { DeliveryState } from "./DeliveryState";

/**
 * `email.list`
 */
export type EmailsAsked = { before: string | null, 
/**
 * 50 unless said, 200 at most.
 */
limit: number | null, 
/**
 * Only one domain's, by host.
 */
domain: string | null, 
/**
 * Only with a copy that stands so.
 */
state: DeliveryState | null, 
/**
 * Only with this in subject, sender or recipients: of the newest 20,000.
 */
search: string | null, };
