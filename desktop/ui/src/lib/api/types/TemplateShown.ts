export interface TemplateShown {
  id: string;
  name: string;
  subject: string | null;
  html: string | null;
  text: string | null;
  published: boolean;
  version: number;
  created_at: string;
  updated_at: string;
  /** The names of its placeholders. */
  placeholders: Array<string>;
}
