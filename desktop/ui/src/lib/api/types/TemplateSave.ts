// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `template.save`
 */
export type TemplateSave = { 
/**
 * Its UUID; null makes one.
 */
id: string | null, name: string, subject: string | null, html: string | null, text: string | null, };
