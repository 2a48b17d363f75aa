// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Mode } from "./Mode";

/**
 * `key.set`: null leaves.
 */
export type KeySet = { id: number, 
/**
 * Empty takes it away.
 */
name: string | null, 
/**
 * `allow_list` and `live` are an owner's to give.
 */
mode: Mode | null, 
/**
 * 0: as many as come.
 */
rate_per_minute: number | null, 
/**
 * The addresses and domains that mail of an allow-list key may leave for, all of
 * them: an owner's to say.
 */
allowed: Array<string> | null, };
