// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `address.reserve`
 */
export type AddressReserve = { address: string, 
/**
 * A person's words about it.
 */
info: string | null, };
