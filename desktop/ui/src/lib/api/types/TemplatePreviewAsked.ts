import type { TemplateSource } from './TemplateSource';

export interface TemplatePreviewAsked {
  source: TemplateSource;
  /** What stands for the placeholders. */
  data: Record<string, unknown>;
}
