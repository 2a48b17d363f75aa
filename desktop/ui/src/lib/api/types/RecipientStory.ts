// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { AttemptShown } from "./AttemptShown";
import type { DeliveryState } from "./DeliveryState";
import type { EventShown } from "./EventShown";
import type { RecipientDomain } from "./RecipientDomain";
import type { RefusalTold } from "./RefusalTold";

/**
 * The story of one recipient.
 */
export type RecipientStory = { recipient: string, state: DeliveryState, 
/**
 * Which way its mail went, in words.
 */
route: string, 
/**
 * Where that leaves it, in a sentence or two.
 */
standing: string, refusal: RefusalTold | null, 
/**
 * What to do about it.
 */
next_step: string | null, 
/**
 * What DNS says now of the recipient's domain; null where it was not asked.
 */
dns: RecipientDomain | null, dns_not_asked: string | null, events: Array<EventShown>, attempts: Array<AttemptShown>, 
/**
 * The message it was kept as here.
 */
message: number | null, };
