export interface TemplateRow {
  /** Its UUID. */
  id: string;
  name: string;
  published: boolean;
  /** How often it was published. */
  version: number;
  updated_at: string;
}
