// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { AttemptShown } from "./AttemptShown";
import type { DeliveryState } from "./DeliveryState";
import type { RecipientField } from "./RecipientField";
import type { Route } from "./Route";

/**
 * One recipient of an email.
 */
export type DeliveryShown = { id: number, recipient: string, field: RecipientField, state: DeliveryState, route: Route | null, next_at: string | null, 
/**
 * The last thing a peer, or we, said of it.
 */
last_answer: string | null, sent_at: string | null, updated_at: string, 
/**
 * The message it was kept as here, if it was.
 */
message: number | null, attempts: Array<AttemptShown>, };
