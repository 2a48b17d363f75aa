// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `message.html`
 */
export type MessageHtmlAsked = { id: number, 
/**
 * With images from elsewhere: whoever sent it then learns that it is read.
 */
remote: boolean, };
