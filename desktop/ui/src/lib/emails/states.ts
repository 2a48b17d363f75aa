import type { DeliveryState, EmailStatus, EventKind, Outcome } from '$lib/api';
import type { Tone } from '$lib/shared/tones';

export const statusTone: Record<EmailStatus, Tone> = {
  queued: 'accent',
  scheduled: 'accent',
  sent: 'good',
  delivered: 'good',
  complained: 'bad',
  refused: 'bad',
  bounced: 'bad',
  failed: 'bad',
  canceled: 'plain',
};
export const stateTone: Record<DeliveryState, Tone> = {
  queued: 'accent',
  sending: 'accent',
  deferred: 'warn',
  held: 'warn',
  delivered: 'good',
  complained: 'bad',
  bounced: 'bad',
  suppressed: 'bad',
  burned: 'plain',
  canceled: 'plain',
};
export const outcomeTone: Record<Outcome, Tone> = {
  sent: 'good',
  deferred: 'warn',
  refused: 'bad',
  not_sent: 'warn',
  unknown: 'warn',
};
export const kindTone: Record<EventKind, Tone> = {
  queued: 'accent',
  delivered: 'good',
  deferred: 'warn',
  bounced: 'bad',
  spam: 'bad',
  held: 'warn',
  released: 'accent',
  burned: 'plain',
  suppressed: 'bad',
  canceled: 'plain',
  complained: 'bad',
  opened: 'accent',
  clicked: 'accent',
  unsubscribed: 'warn',
  received: 'good',
  unknown: 'warn',
};
/** What the outbox is filtered by. */
export const STATES: DeliveryState[] = [
  'queued',
  'sending',
  'deferred',
  'held',
  'delivered',
  'complained',
  'bounced',
  'suppressed',
  'burned',
  'canceled',
];
