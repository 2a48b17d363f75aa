// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Folder } from "./Folder";

/**
 * A folder of a person's mailbox.
 */
export type FolderRow = { name: string, 
/**
 * Null for one of the person's own.
 */
role: Folder | null, messages: number, unread: number, };
