import type { EventKind } from './EventKind';

export interface WebhookForm {
  name: string;
  /** What it can tell. */
  events: Array<EventKind>;
  /** It has to be one domain's. */
  domain: boolean;
}
