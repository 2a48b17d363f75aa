import type { EventKind } from './EventKind';
import type { WebhookState } from './WebhookState';

export interface WebhookDeliveryRow {
  id: number;
  event: EventKind;
  state: WebhookState;
  attempts: number;
  next_at: string | null;
  last_status: number | null;
  last_error: string | null;
  created_at: string;
  updated_at: string;
}
