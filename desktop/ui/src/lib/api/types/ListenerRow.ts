// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { ListenerKind } from "./ListenerKind";
import type { Security } from "./Security";

/**
 * A listener.
 */
export type ListenerRow = { kind: ListenerKind, 
/**
 * `address:port`; null where it is off.
 */
address: string | null, security: Security, on: boolean, 
/**
 * In words.
 */
about: string, 
/**
 * To paste into a shell or a program's settings; null where it is off.
 */
line: string | null, 
/**
 * It can be switched here.
 */
settable: boolean, };
