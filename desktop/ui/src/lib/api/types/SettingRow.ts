// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * A setting of the operator's.
 */
export type SettingRow = { 
/**
 * Such as `server.host`.
 */
name: string, value: string, about: string, };
