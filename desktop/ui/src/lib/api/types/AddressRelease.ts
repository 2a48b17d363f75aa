// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `address.release`
 */
export type AddressRelease = { address: string, 
/**
 * Its mail goes too.
 */
remove_mail: boolean, };
