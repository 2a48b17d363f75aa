import type { EventKind } from './EventKind';

export interface WebhookRow {
  id: number;
  form: string;
  /** Without what in it is secret. */
  url: string;
  events: Array<EventKind>;
  domain: string | null;
  on: boolean;
  stopped_because: string | null;
  /** The end of its secret. */
  secret_hint: string | null;
  created_at: string;
}
