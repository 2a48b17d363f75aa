// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { View } from "./View";

/**
 * Where to look.
 */
export type Target = { view: View, 
/**
 * A domain's host, a mailbox's address, an email's UUID, or a number.
 */
id: string | null, };
