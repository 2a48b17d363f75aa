// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Counts } from "./Counts";
import type { Day } from "./Day";
import type { FirstStep } from "./FirstStep";
import type { ProblemShown } from "./ProblemShown";
import type { Queue } from "./Queue";

/**
 * `overview.show`
 */
export type Overview = { 
/**
 * Since midnight in UTC.
 */
today: Counts, 
/**
 * The oldest first, today last; a day without any is there too.
 */
series: Array<Day>, queue: Queue, 
/**
 * The worst first.
 */
problems: Array<ProblemShown>, first_steps: Array<FirstStep>, };
