// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Security } from "./Security";

/**
 * `relay.make`
 */
export type RelayMake = { name: string, host: string, port: number, security: Security, user: string | null, password: string | null, 
/**
 * What it takes in an hour, in a day; null: anything.
 */
hourly: number | null, daily: number | null, 
/**
 * The sender of mail that names none.
 */
sender: string | null, };
