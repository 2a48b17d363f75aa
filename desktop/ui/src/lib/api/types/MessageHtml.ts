// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `message.html`
 */
export type MessageHtml = { 
/**
 * For a frame's `srcdoc`, sandboxed all the same.
 */
html: string, 
/**
 * It calls for images from elsewhere.
 */
has_remote: boolean, };
