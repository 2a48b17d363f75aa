// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { ListenerKind } from "./ListenerKind";

/**
 * `listener.set`
 */
export type ListenerSet = { kind: ListenerKind, on: boolean, };
