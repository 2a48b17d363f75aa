import type { EventKind } from './EventKind';

export interface WebhookMake {
  /** Of `webhook.forms`. */
  form: string;
  url: string;
  /** Empty: all that the form can tell. */
  events: Array<EventKind>;
  /** One domain's events, by host; null: all. */
  domain: string | null;
}
