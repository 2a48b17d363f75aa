// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `backup.make`
 */
export type BackupMade = { 
/**
 * To fetch it from; gone after an hour.
 */
url: string, size_bytes: number, made_at: string, 
/**
 * What to keep beside it, in a sentence.
 */
note: string, };
