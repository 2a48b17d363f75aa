import type { AddressRow, ListenerRow, RelayRow, WebhookDeliveryRow, WebhookRow } from '../types';
import type { Handlers } from './handlers';
import { HOSTILE_SUBJECT } from './hostile';
import { after, before, paged } from './people';

const addresses: AddressRow[] = [
  {
    address: 'orders@acme.test',
    info: 'Goes to the shop as well',
    forward: 'kim@acme.test',
    socket: 'on',
    webhook_url: 'https://shop.acme.test/hooks/mail',
    slack_url: null,
    catch_all: false,
    alias: 'inbox-7f3k2@acme.test',
    created_at: before(70_000),
  },
  {
    address: '*@acme.test',
    info: 'Everything else',
    forward: null,
    socket: 'off',
    webhook_url: null,
    slack_url: 'https://hooks.slack.example/services/T0/B0/x',
    catch_all: true,
    alias: 'inbox-1a2b3@acme.test',
    created_at: before(60_000),
  },
  {
    address: 'noreply@acme.test',
    info: '',
    forward: null,
    socket: 'off',
    webhook_url: null,
    slack_url: null,
    catch_all: false,
    alias: 'inbox-9z8y7@acme.test',
    created_at: before(2000),
  },
];

const webhooks: WebhookRow[] = [
  {
    id: 1,
    form: 'mailstack',
    url: 'https://shop.acme.test/hooks/mail',
    events: ['delivered', 'bounced', 'complained'],
    domain: null,
    on: true,
    stopped_because: null,
    secret_hint: '…9f2c',
    created_at: before(50_000),
  },
  {
    id: 2,
    form: 'mailpace',
    url: 'https://old.acme.test/in',
    events: ['received'],
    domain: 'acme.test',
    on: false,
    stopped_because: 'It failed for five days: the address answered 410.',
    secret_hint: null,
    created_at: before(80_000),
  },
];
const call = (id: number): WebhookDeliveryRow => ({
  id,
  event: id % 4 === 0 ? 'bounced' : 'delivered',
  state: id % 5 === 2 ? 'failed' : id === 1 ? 'pending' : 'delivered',
  attempts: id % 5 === 2 ? 5 : 1,
  next_at: id === 1 ? after(3) : null,
  last_status: id % 5 === 2 ? 500 : id === 1 ? null : 200,
  last_error: id === 1 ? 'The address did not answer within 10 seconds.' : null,
  created_at: before(id * 9),
  updated_at: before(id * 9),
});

const relays: RelayRow[] = [
  {
    id: 1,
    name: 'provider',
    host: 'smtp.provider.example',
    port: 587,
    security: 'starttls',
    user: 'shop',
    first: true,
    hourly: 1000,
    daily: 5000,
    this_hour: 412,
    today: 3970,
    sender: 'hello@acme.test',
    created_at: before(90_000),
  },
  {
    id: 2,
    name: 'spare',
    host: 'mail.other.example',
    port: 465,
    security: 'tls',
    user: null,
    first: false,
    hourly: null,
    daily: null,
    this_hour: 0,
    today: 0,
    sender: null,
    created_at: before(30_000),
  },
];
const listener = (
  kind: ListenerRow['kind'],
  address: string | null,
  security: ListenerRow['security'],
  about: string,
  line: string | null,
): ListenerRow => ({ kind, address, security, on: address !== null, about, line, settable: true });
const listeners: ListenerRow[] = [
  listener(
    'http',
    '127.0.0.1:8025',
    'plain',
    'The HTTP APIs and this console',
    'curl http://127.0.0.1:8025/healthz',
  ),
  listener(
    'smtp_inbound',
    '127.0.0.1:2525',
    'starttls',
    'Mail for your own domains',
    'swaks --server 127.0.0.1:2525 --to kim@acme.test',
  ),
  listener(
    'smtp_submission',
    '127.0.0.1:2587',
    'starttls',
    'Mail to be sent, by key or mailbox password',
    'swaks --server 127.0.0.1:2587 --from hello@acme.test --to kim@customer.example --auth PLAIN --auth-user x --auth-password "$TOKEN"',
  ),
  listener(
    'imap',
    '127.0.0.1:1143',
    'starttls',
    'People’s mailboxes',
    'curl --user kim@acme.test imap://127.0.0.1:1143/INBOX',
  ),
  listener('pop3', null, 'starttls', 'Inboxes, fetched', null),
];

export const doors = {
  'address.list': () => ({ rows: addresses }),
  'address.reserve': ({ address, info }) => ({ ...(addresses[2] as AddressRow), address, info: info ?? '' }),
  'address.release': () => ({}),
  'address.route': () => addresses[0] as AddressRow,
  'webhook.list': () => ({ rows: webhooks }),
  'webhook.forms': () => ({
    rows: [
      {
        name: 'mailstack',
        events: ['queued', 'delivered', 'bounced', 'complained', 'opened', 'clicked'],
        domain: false,
      },
      { name: 'mailpace', events: ['delivered', 'bounced', 'received'], domain: true },
    ],
  }),
  'webhook.make': () => ({ id: 3, secret: 'whsec_8f2kLm4pQr7tVx9z' }),
  'webhook.set': () => webhooks[0] as WebhookRow,
  'webhook.remove': () => ({}),
  'webhook.deliveries': ({ before: from, limit }) => paged(4000, from, limit, (index) => call(index + 1)),
  'webhook.delivery': ({ delivery }) => ({
    row: call(delivery),
    payload: JSON.stringify(
      {
        type: 'email.delivered',
        data: { id: delivery, to: 'kim@customer.example', subject: HOSTILE_SUBJECT },
      },
      null,
      2,
    ),
    attempts: [
      { at: before(9), status: 500, answer: 'Internal Server Error' },
      { at: before(4), status: 200, answer: null },
    ],
  }),
  'webhook.replay': () => ({}),
  'relay.list': () => ({ rows: relays }),
  'relay.make': () => relays[1] as RelayRow,
  'relay.set': () => relays[1] as RelayRow,
  'relay.remove': () => ({}),
  'relay.order': () => ({}),
  'relay.test': () => ({
    ok: false,
    fault:
      'The login was refused: 535 5.7.8 Authentication failed. Check user and password with the provider.',
    stage: 'auth',
    tls: 'TLSv1.3, certificate in order',
    conversation: [
      '< 220 smtp.provider.example ESMTP',
      '> EHLO mail.acme.test',
      '< 250 AUTH PLAIN LOGIN',
      '> AUTH PLAIN ***',
      '< 535 5.7.8 Authentication failed',
    ],
  }),
  'listener.list': () => ({ rows: listeners }),
  'listener.set': () => ({ rows: listeners }),
} satisfies Partial<Handlers>;
