export interface TemplateSource {
  subject: string | null;
  html: string | null;
  text: string | null;
}
