// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { RefusedKind } from "./RefusedKind";

/**
 * Why it was not done.
 */
export type Refused = { kind: RefusedKind, 
/**
 * In a word, such as `name_taken`.
 */
code: string, 
/**
 * A sentence that says how to mend it.
 */
message: string, 
/**
 * By field of the input: what is wrong with it.
 */
fields: { [key in string]: string }, 
/**
 * How long to wait before trying again.
 */
wait_ms: number | null, 
/**
 * The number of the request, for the log.
 */
request: string | null, };
