// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `template.show`
 */
export type TemplateShown = { id: string, name: string, subject: string | null, html: string | null, text: string | null, published: boolean, version: number, created_at: string, updated_at: string, 
/**
 * The names of its placeholders.
 */
placeholders: Array<string>, };
