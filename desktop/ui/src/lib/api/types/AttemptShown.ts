// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { AttemptStep } from "./AttemptStep";
import type { Outcome } from "./Outcome";
import type { Route } from "./Route";
import type { Stage } from "./Stage";

/**
 * One try.
 */
export type AttemptShown = { 
/**
 * From 1.
 */
number: number, at: string, ended_at: string | null, route: Route, 
/**
 * `host [address]:port`, once chosen.
 */
host: string | null, 
/**
 * Null while it is under way.
 */
outcome: Outcome | null, 
/**
 * The last reply, in a line.
 */
answer: string | null, 
/**
 * Protocol, cipher and the certificate's verdict, or why there was no TLS.
 */
tls: string | null, 
/**
 * The step that failed.
 */
failed_at: Stage | null, 
/**
 * What DNS said on the way, a line an answer.
 */
dns: Array<string>, steps: Array<AttemptStep>, 
/**
 * The SMTP conversation, a line each.
 */
conversation: Array<string>, };
