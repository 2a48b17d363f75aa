// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Folder } from "./Folder";

/**
 * `message.move`
 */
export type MessageMove = { 
/**
 * At most 200.
 */
ids: Array<number>, folder: Folder, };
