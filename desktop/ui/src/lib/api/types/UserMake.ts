// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Role } from "./Role";

/**
 * `user.make`
 */
export type UserMake = { name: string, role: Role, };
