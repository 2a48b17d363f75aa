// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Verdict } from "./Verdict";

/**
 * The checks of a message's origin.
 */
export type Verdicts = { spf: Verdict, dkim: Verdict, dmarc: Verdict, arc: Verdict, };
