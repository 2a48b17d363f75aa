// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Security } from "./Security";

/**
 * A relay.
 */
export type RelayRow = { id: number, name: string, host: string, port: number, security: Security, user: string | null, 
/**
 * Tried first.
 */
first: boolean, hourly: number | null, daily: number | null, 
/**
 * Counted where there is a limit.
 */
this_hour: number, today: number, sender: string | null, created_at: string, };
