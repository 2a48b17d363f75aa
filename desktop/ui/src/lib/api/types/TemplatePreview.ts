// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `template.preview`
 */
export type TemplatePreview = { subject: string | null, 
/**
 * For a sandboxed frame.
 */
html: string | null, 
/**
 * The same as a page of its own, for some time.
 */
html_url: string | null, text: string | null, 
/**
 * By part (`subject`, `html`, `text`): what is wrong, with line and column.
 */
problems: { [key in string]: string }, };
