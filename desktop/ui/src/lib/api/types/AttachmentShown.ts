// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * A file of a message.
 */
export type AttachmentShown = { name: string | null, 
/**
 * Such as `image/png`.
 */
type: string, size_bytes: number, 
/**
 * Meant to be shown within the text.
 */
inline: boolean, url: string, };
