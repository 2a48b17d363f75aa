// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Stage } from "./Stage";

/**
 * A refusal, explained.
 */
export type RefusalTold = { 
/**
 * Of which try, from 1.
 */
attempt: number, 
/**
 * The host that said it; null when it was this machine.
 */
by: string | null, stage: Stage | null, line: string, 
/**
 * `temporary`, `permanent` or what is known of it, in a word.
 */
force: string, meaning: string | null, next_step: string | null, 
/**
 * Where the meaning is from.
 */
sources: Array<string>, };
