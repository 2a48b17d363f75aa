// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Refused } from "./Refused";

/**
 * The body of every answer that is no success.
 */
export type RefusedBody = { error: Refused, };
