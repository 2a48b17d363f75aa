import type { Handlers } from './handlers';
import { NOW } from './people';

const nothing = () => ({ rows: [], next: null, total: 0 });
const none = () => ({ rows: [] });
const day = (back: number): string => new Date(NOW.getTime() - back * 86_400_000).toISOString().slice(0, 10);

/** A place where nobody has done anything yet. */
export const empty = {
  'overview.show': ({ days }) => ({
    today: { sent: 0, delivered: 0, bounced: 0, received: 0 },
    series: Array.from({ length: days ?? 14 }, (_, index) => ({
      day: day((days ?? 14) - 1 - index),
      sent: 0,
      delivered: 0,
      bounced: 0,
      received: 0,
    })),
    queue: { waiting: 0, held: 0, unknown: 0, oldest_at: null },
    problems: [],
    first_steps: (['domain', 'records', 'key', 'mailbox', 'send'] as const).map((step) => ({
      step,
      done: false,
    })),
  }),
  'email.list': nothing,
  'message.list': nothing,
  'domain.list': none,
  'key.list': none,
  'mailbox.list': nothing,
  'address.list': none,
  'webhook.list': none,
  'template.list': nothing,
  'suppression.list': nothing,
  'relay.list': none,
  'listener.list': none,
  'audit.list': nothing,
} satisfies Partial<Handlers>;
