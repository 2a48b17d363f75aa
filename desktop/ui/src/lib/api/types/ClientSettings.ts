// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { ClientSetting } from "./ClientSetting";

/**
 * `domain.setup`, `mailbox.settings`
 */
export type ClientSettings = { 
/**
 * The address, or `name@host` where none was said.
 */
user: string, rows: Array<ClientSetting>, 
/**
 * Where programs find them by themselves; null where nothing answers.
 */
autoconfig_url: string | null, 
/**
 * A profile for Apple's programs; null where there is none.
 */
profile_url: string | null, };
