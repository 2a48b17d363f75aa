// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * A template's texts.
 */
export type TemplateSource = { subject: string | null, html: string | null, text: string | null, };
