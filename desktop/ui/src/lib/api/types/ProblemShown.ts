// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { ProblemKind } from "./ProblemKind";
import type { Severity } from "./Severity";
import type { Target } from "./Target";

/**
 * Something to look after.
 */
export type ProblemShown = { kind: ProblemKind, severity: Severity, 
/**
 * In a sentence that says how to mend it.
 */
text: string, target: Target, };
