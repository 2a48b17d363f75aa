// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { AttemptStepKind } from "./AttemptStepKind";

/**
 * A step of a try.
 */
export type AttemptStep = { step: AttemptStepKind, at: string, };
