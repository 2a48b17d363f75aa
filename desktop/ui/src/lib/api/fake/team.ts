import type { Role, SessionShown, SuppressionRow, TemplateShown } from '../types';
import { Refusal } from '../transport';
import type { Handlers } from './handlers';
import { HOSTILE_SUBJECT } from './hostile';
import type { Scene } from './index';
import { before, contains, listed, NOW, paged, pick } from './people';

const day = (back: number): string => new Date(NOW.getTime() - back * 86_400_000).toISOString().slice(0, 10);

const templates: TemplateShown[] = [
  {
    id: '01a1fd70-0000-7000-8000-000000000001',
    name: 'welcome',
    subject: 'Hello {{ name }}',
    html: '<h1>Hello {{ name }}</h1>\n<p>Your account at {{ company }} is ready.</p>\n<script>top.__pwned=1</script>',
    text: 'Hello {{ name }},\n\nyour account at {{ company }} is ready.\n',
    published: true,
    version: 3,
    created_at: before(90_000),
    updated_at: before(400),
    placeholders: ['name', 'company'],
  },
  {
    id: '01a1fd70-0000-7000-8000-000000000002',
    name: 'password-reset',
    subject: 'Reset your password',
    html: null,
    text: 'Follow {{ link }}\n',
    published: false,
    version: 0,
    created_at: before(900),
    updated_at: before(30),
    placeholders: ['link'],
  },
];

const REASONS: SuppressionRow['reason'][] = ['bounce', 'bounce', 'complaint', 'unsubscribe', 'manual'];
const suppressed = (index: number): SuppressionRow => ({
  id: index,
  address: `gone${String(index).padStart(5, '0')}@customer.example`,
  reason: pick(REASONS, index),
  detail: index % 3 === 0 ? '550 5.1.1 No such user here' : index === 1 ? HOSTILE_SUBJECT : null,
  domain: index % 4 === 1 ? 'acme.test' : null,
  created_at: before(index * 45),
});

function session(scene: Scene): SessionShown {
  const role: Role = scene === 'reader' ? 'reader' : 'owner';
  const out = scene === 'signed-out' || scene === 'welcome';
  return {
    user: out
      ? null
      : { id: scene === 'desktop' ? null : 1, name: scene === 'desktop' ? 'this machine' : 'kim', role },
    organization: out ? null : { id: 1, name: 'Acme' },
    csrf: out ? null : 'x',
    version: '0.9.0',
    kind: scene === 'desktop' ? 'desktop' : 'server',
    welcome: scene === 'welcome',
  };
}

const overview: Handlers['overview.show'] = ({ days }) => ({
  today: { sent: 1284, delivered: 1241, bounced: 17, received: 342 },
  series: Array.from({ length: days ?? 14 }, (_, index) => {
    const back = (days ?? 14) - 1 - index;
    const sent = 900 + ((back * 7919) % 600) - (back % 7 < 2 ? 500 : 0);
    return {
      day: day(back),
      sent,
      delivered: Math.round(sent * 0.96),
      bounced: Math.round(sent * 0.018),
      received: 180 + ((back * 104_729) % 220),
    };
  }),
  queue: { waiting: 26, held: 3, unknown: 1, oldest_at: before(54) },
  problems: [
    {
      kind: 'domain_records',
      severity: 'error',
      text: 'shop.acme.test cannot send: its return path record is missing. Publish it at your DNS provider.',
      target: { view: 'domain', id: 'shop.acme.test' },
    },
    {
      kind: 'webhook_off',
      severity: 'error',
      text: 'A webhook was switched off: https://old.acme.test/in answered 410 for five days.',
      target: { view: 'webhook', id: '2' },
    },
    {
      kind: 'held',
      severity: 'warning',
      text: '3 recipients wait for a person to release or stop them.',
      target: { view: 'outbox', id: null },
    },
    {
      kind: 'mailbox_full',
      severity: 'warning',
      text: 'support@acme.test has used 97 % of its quota.',
      target: { view: 'mailbox', id: 'support@acme.test' },
    },
  ],
  first_steps: [
    { step: 'domain', done: true },
    { step: 'records', done: false },
    { step: 'key', done: true },
    { step: 'mailbox', done: true },
    { step: 'send', done: false },
  ],
});

const AUDIT = [
  'key.make',
  'domain.add',
  'mailbox.make',
  'settings.set',
  'session.sign_in',
  'relay.test',
  'mailbox.password',
];
const kept = {
  name: 'Acme',
  direct: 'off' as const,
  capture_private: 'off' as const,
  hand_mode: 'live' as const,
  keep_days: 90,
  keep_messages: null,
  keep_bytes: null,
  host: 'mail.acme.test',
  public_url: 'https://mail.acme.test',
  default_mode: 'capture' as const,
};
const FILE = [
  { name: 'server.host', value: 'mail.acme.test', about: 'Our own name, in EHLO and Message-IDs.' },
  { name: 'server.public_url', value: 'https://mail.acme.test', about: 'Where links in mail begin.' },
  { name: 'smtp.inbound', value: '127.0.0.1:2525', about: 'Where mail for our own domains comes in.' },
];

export const team = (scene: Scene) => {
  let now = session(scene);
  const enter = (): SessionShown => (now = session('full'));
  return {
    'session.show': () => now,
    'session.sign_in': ({ password }) => {
      if (password !== 'correct horse')
        throw new Refusal('unknown', 'Name and password do not belong together. Mind capital letters.');
      return enter();
    },
    'session.sign_out': () => (now = session('signed-out')),
    'session.invitation': ({ token }) => {
      if (token === 'used')
        throw new Refusal('missing', 'This link was used already, or is too old. Ask for another one.');
      return { name: token === 'ann' ? 'ann' : null, role: 'owner', organization: 'Acme' };
    },
    'session.welcome': () => enter(),
    'session.password': () => ({}),
    'overview.show': overview,
    'template.list': () => ({ ...listed(templates), rows: templates }),
    'template.show': ({ id }) => templates.find((one) => one.id === id) ?? (templates[0] as TemplateShown),
    'template.save': (input) => ({
      ...(templates[0] as TemplateShown),
      ...input,
      id: input.id ?? '01a1fd70-0000-7000-8000-000000000001',
    }),
    'template.publish': () => templates[0] as TemplateShown,
    'template.remove': () => ({}),
    'template.preview': ({ source, data }) => {
      const fill = (text: string | null) =>
        text?.replace(/{{\s*(\w+)\s*}}/g, (_, name: string) => String(data[name] ?? '')) ?? null;
      return {
        subject: fill(source.subject),
        html: fill(source.html),
        html_url: source.html === null ? null : '/console/files/preview/1',
        text: fill(source.text),
        problems: source.text?.includes('{{ link }}')
          ? { text: 'line 1, column 8: `link` has no value here.' }
          : ({} as Record<string, string>),
      };
    },
    'suppression.list': ({ before: from, limit, search }) => {
      if (search === null) return paged(40_000, from, limit, suppressed);
      return listed(
        Array.from({ length: 300 }, (_, index) => suppressed(index)).filter((row) =>
          contains(search, row.address),
        ),
        from,
        limit,
      );
    },
    'suppression.add': () => ({ added: true }),
    'suppression.remove': () => ({}),
    'suppression.import': ({ csv }) => ({
      rows: csv.split('\n').length,
      added: 2,
      already: 1,
      spared: 0,
      bad: 1,
      faults: ['Line 3: “not an address” is no address.'],
      stopped: null,
    }),
    'user.list': () => ({
      rows: [
        {
          id: 1,
          name: 'kim',
          role: 'owner',
          has_password: true,
          seen_at: before(2),
          created_at: before(90_000),
        },
        {
          id: 2,
          name: 'ann',
          role: 'member',
          has_password: true,
          seen_at: before(3000),
          created_at: before(60_000),
        },
        {
          id: 3,
          name: HOSTILE_SUBJECT.slice(0, 60),
          role: 'reader',
          has_password: false,
          seen_at: null,
          created_at: before(300),
        },
      ],
    }),
    'user.make': ({ name }) => ({ id: 4, name, path: '/#/welcome/0d1e2f3a4b5c', expires_at: before(-2880) }),
    'user.set': () => ({
      id: 2,
      name: 'ann',
      role: 'member',
      has_password: true,
      seen_at: null,
      created_at: before(1),
    }),
    'user.link': ({ id }) => ({
      id,
      name: 'ann',
      path: '/#/welcome/0d1e2f3a4b5c',
      expires_at: before(-2880),
    }),
    'user.remove': () => ({}),
    'audit.list': ({ before: from, limit }) =>
      paged(9000, from, limit, (index) => ({
        id: index,
        at: before(index * 33),
        who: index % 9 === 4 ? 'this machine' : pick(['kim', 'ann'], index),
        user: 1,
        what: pick(AUDIT, index),
        target: index === 2 ? HOSTILE_SUBJECT : 'acme.test',
        detail: null,
        remote: '192.0.2.77',
      })),
    'backup.make': () => ({
      url: '/console/files/backup/4f2a',
      size_bytes: 184_000_000,
      made_at: before(0),
      note: 'Keep master.key beside it: without that file its secrets cannot be read.',
    }),
    'settings.show': () => ({ ...kept, file: FILE }),
    'settings.set': () => ({ ...kept, file: FILE }),
    'connection.list': () => ({
      rows: [
        { id: 'local', name: 'This machine', url: null, active: true },
        { id: 'office', name: 'Office', url: 'https://mail.acme.test', active: false },
      ],
    }),
    'connection.add': () => ({}),
    'connection.use': () => ({}),
    'connection.remove': () => ({}),
    'file.save': () => ({}),
    'file.text': () => ({ text: `Subject: ${HOSTILE_SUBJECT}\r\n\r\nHello` }),
  } satisfies Partial<Handlers>;
};
