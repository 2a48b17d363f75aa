// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { TemplateSource } from "./TemplateSource";

/**
 * `template.preview`
 */
export type TemplatePreviewAsked = { source: TemplateSource, 
/**
 * What stands for the placeholders.
 */
data: Record<string, unknown>, };
