// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Role } from "./Role";

/**
 * `session.invitation`
 */
export type Invitation = { 
/**
 * Null: whoever takes it chooses.
 */
name: string | null, role: Role, organization: string, };
