// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Folder } from "./Folder";

/**
 * A message in a list.
 */
export type MessageRow = { id: number, 
/**
 * The mailbox's address.
 */
mailbox: string, 
/**
 * As written.
 */
from: string, subject: string | null, at: string, size_bytes: number, seen: boolean, starred: boolean, folder: Folder, 
/**
 * Null where it is only known once it is read.
 */
attachments: number | null, };
