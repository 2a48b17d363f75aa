// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { EmailStatus } from "./EmailStatus";

/**
 * An email in a list.
 */
export type EmailRow = { 
/**
 * Its UUID.
 */
id: string, at: string, from: string, to: Array<string>, subject: string | null, status: EmailStatus, tags: Array<string>, };
