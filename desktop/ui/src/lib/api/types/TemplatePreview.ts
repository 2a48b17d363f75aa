export interface TemplatePreview {
  subject: string | null;
  /** For a sandboxed frame. */
  html: string | null;
  text: string | null;
  /** By part (`subject`, `html`, `text`): what is wrong, with line and column. */
  problems: Record<string, string>;
}
