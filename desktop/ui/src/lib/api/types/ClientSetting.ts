// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { ClientProtocol } from "./ClientProtocol";
import type { Security } from "./Security";

/**
 * One way for a mail program.
 */
export type ClientSetting = { protocol: ClientProtocol, host: string, port: number, security: Security, user: string, };
