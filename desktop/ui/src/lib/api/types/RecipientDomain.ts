// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { RecipientHost } from "./RecipientHost";

/**
 * A recipient's domain, as DNS has it now.
 */
export type RecipientDomain = { domain: string, takes: string, hosts: Array<RecipientHost>, lines: Array<string>, };
