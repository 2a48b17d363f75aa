// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Switch } from "./Switch";

/**
 * `address.route`: null leaves, empty switches off.
 */
export type AddressRoute = { address: string, info: string | null, 
/**
 * Another address here that its mail goes to as well.
 */
forward: string | null, socket: Switch | null, webhook_url: string | null, slack_url: string | null, };
