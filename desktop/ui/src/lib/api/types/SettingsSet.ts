// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Mode } from "./Mode";
import type { Switch } from "./Switch";

/**
 * `settings.set`: null leaves. What is the operator's stands in the configuration file.
 */
export type SettingsSet = { 
/**
 * The organization's name.
 */
name: string | null, 
/**
 * Live mail without a relay goes to the recipients' own servers.
 */
direct: Switch | null, 
/**
 * Mail that it captures is starred.
 */
capture_private: Switch | null, 
/**
 * What becomes of mail that people write by hand.
 */
hand_mode: Mode | null, 
/**
 * What each mailbox keeps; 0: for ever, or any number.
 */
keep_days: number | null, keep_messages: number | null, keep_bytes: number | null, };
