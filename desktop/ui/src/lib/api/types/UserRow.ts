// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Role } from "./Role";

/**
 * A person.
 */
export type UserRow = { id: number, name: string, role: Role, has_password: boolean, 
/**
 * When they were last here.
 */
seen_at: string | null, created_at: string, };
