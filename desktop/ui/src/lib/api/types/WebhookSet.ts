import type { EventKind } from './EventKind';

export interface WebhookSet {
  id: number;
  url: string | null;
  events: Array<EventKind> | null;
  /** Switched on, it goes on where it stopped. */
  on: boolean | null;
}
