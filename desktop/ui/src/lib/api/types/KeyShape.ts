// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { KeyBound } from "./KeyBound";

/**
 * A kind of keys.
 */
export type KeyShape = { name: string, about: string, bound: KeyBound, 
/**
 * Each has a name of its own.
 */
named: boolean, 
/**
 * There are test keys.
 */
test: boolean, 
/**
 * What its keys may do, in its words.
 */
scopes: Array<string>, 
/**
 * Those of a key that is asked for without any.
 */
ordinary: Array<string>, 
/**
 * The path of a first call, and the header field of the credential.
 */
path: string, header: string, };
