// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { Mode } from "./Mode";
import type { SettingRow } from "./SettingRow";
import type { Switch } from "./Switch";

/**
 * `settings.show`
 */
export type SettingsShown = { name: string, direct: Switch, capture_private: Switch, 
/**
 * What becomes of mail that people write by hand; null where the key for it was revoked.
 */
hand_mode: Mode | null, keep_days: number | null, keep_messages: number | null, keep_bytes: number | null, 
/**
 * Our own host name.
 */
host: string, 
/**
 * Where links in mail begin.
 */
public_url: string, 
/**
 * The mode of keys where none is said.
 */
default_mode: Mode, 
/**
 * Every setting of the operator's, as it holds; empty where it is not known here.
 */
file: Array<SettingRow>, };
