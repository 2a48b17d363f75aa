// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Kind } from "./Kind";
import type { SessionOrganization } from "./SessionOrganization";
import type { SessionUser } from "./SessionUser";

/**
 * `session.show`, and what follows from signing in.
 */
export type SessionShown = { 
/**
 * Null where nobody is signed in.
 */
user: SessionUser | null, 
/**
 * Null where nobody is signed in.
 */
organization: SessionOrganization | null, 
/**
 * To be sent as `X-CSRF-Token`; null where nobody is signed in.
 */
csrf: string | null, 
/**
 * Of Posthouse.
 */
version: string, kind: Kind, 
/**
 * Nobody has a password yet: the link that the start printed is the way in.
 */
welcome: boolean, };
