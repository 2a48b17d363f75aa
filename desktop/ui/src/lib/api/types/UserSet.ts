// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Role } from "./Role";

/**
 * `user.set`
 */
export type UserSet = { id: number, role: Role, };
