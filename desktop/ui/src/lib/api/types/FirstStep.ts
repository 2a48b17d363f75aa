// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { FirstStepKind } from "./FirstStepKind";

/**
 * A first step.
 */
export type FirstStep = { step: FirstStepKind, done: boolean, };
