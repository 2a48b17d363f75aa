// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Stage } from "./Stage";

/**
 * `relay.test`
 */
export type RelayTested = { ok: boolean, 
/**
 * What went wrong, in words.
 */
fault: string | null, stage: Stage | null, 
/**
 * In words; null where there was none.
 */
tls: string | null, conversation: Array<string>, };
