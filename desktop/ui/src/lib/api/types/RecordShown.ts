// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { RecordNeed } from "./RecordNeed";
import type { RecordPurpose } from "./RecordPurpose";
import type { RecordVerdict } from "./RecordVerdict";

/**
 * A record to publish, and what was found of it.
 */
export type RecordShown = { purpose: RecordPurpose, 
/**
 * `TXT`, `CNAME` or `MX`.
 */
type: string, 
/**
 * Absolute, without the last dot.
 */
name: string, expected: string, 
/**
 * The record as a line of a zone file.
 */
line: string, 
/**
 * What is there, or why nothing could be told.
 */
found: Array<string>, 
/**
 * `unknown` where nobody looked, or DNS did not answer.
 */
verdict: RecordVerdict, need: RecordNeed, 
/**
 * Live mail is refused without it.
 */
required: boolean, 
/**
 * What it is for and what is wrong, in a sentence.
 */
why: string, checked_at: string | null, };
