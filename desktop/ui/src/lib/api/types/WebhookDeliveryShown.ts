import type { WebhookAttempt } from './WebhookAttempt';
import type { WebhookDeliveryRow } from './WebhookDeliveryRow';

export interface WebhookDeliveryShown {
  row: WebhookDeliveryRow;
  /** What is sent. */
  payload: string;
  attempts: Array<WebhookAttempt>;
}
