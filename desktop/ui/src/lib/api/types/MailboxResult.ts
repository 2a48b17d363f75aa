// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { MadeOutcome } from "./MadeOutcome";

/**
 * What came of one line.
 */
export type MailboxResult = { address: string, outcome: MadeOutcome, 
/**
 * What stood in the way.
 */
text: string | null, 
/**
 * Only where it was made here; shown once.
 */
password: string | null, };
