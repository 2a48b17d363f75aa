// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Switch } from "./Switch";

/**
 * An address.
 */
export type AddressRow = { address: string, info: string, forward: string | null, socket: Switch, webhook_url: string | null, slack_url: string | null, 
/**
 * Its routing holds for all of its domain that have none of their own.
 */
catch_all: boolean, 
/**
 * Another address for it, that does not tell it.
 */
alias: string, created_at: string | null, };
