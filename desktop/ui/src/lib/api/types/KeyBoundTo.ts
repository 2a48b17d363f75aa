// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { KeyBound } from "./KeyBound";

/**
 * What a key is bound to.
 */
export type KeyBoundTo = { kind: KeyBound, 
/**
 * The domain's host or the person's name; null for the organization.
 */
name: string | null, };
