// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { RecipientStory } from "./RecipientStory";
import type { RecordShown } from "./RecordShown";

/**
 * `email.why`
 */
export type Story = { id: string, 
/**
 * The host of the sender's domain; null where a provider gave the mail its sender.
 */
domain: string | null, 
/**
 * The sending domain's records as DNS has them now; null where it was not asked.
 */
records: Array<RecordShown> | null, 
/**
 * Why DNS was not asked for them.
 */
records_not_asked: string | null, recipients: Array<RecipientStory>, };
