// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Role } from "./Role";

/**
 * Who is signed in.
 */
export type SessionUser = { 
/**
 * Null in the desktop.
 */
id: number | null, name: string, role: Role, };
