// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * What a check of a message's origin came to.
 */
export type Verdict = "none" | "pass" | "fail" | "softfail" | "neutral" | "policy" | "temperror" | "permerror";
