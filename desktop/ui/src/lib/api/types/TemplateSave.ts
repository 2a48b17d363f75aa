export interface TemplateSave {
  /** Its UUID; null makes one. */
  id: string | null;
  name: string;
  subject: string | null;
  html: string | null;
  text: string | null;
}
