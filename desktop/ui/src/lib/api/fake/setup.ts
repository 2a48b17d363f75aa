import type { DomainRow, DomainShown, KeyRow, MailboxRow, RecordShown } from '../types';
import { Refusal } from '../transport';
import type { Handlers } from './handlers';
import { HOSTILE_SUBJECT } from './hostile';
import { after, before, contains, listed, NAMES, paged, pick } from './people';

const DKIM =
  'v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu5oIUrFDWZK7F4thFxpZa2or6jBEX3cSL6b2TJdPkO5iNn9vHNXhNX31nOefN8FksX94YbLJ8NHcFPbaZTW8R2HthYxRaCyqodxlLHibg8aHdfa+bxKeiI/xABRuAM0WG0JEDSyakMFqIO40ghj/h7DUc/4OXNdeQhrKDTlgf2bd+FjpJ3bNAFcMYa3OeheFI2YwIDAQAB';

const record = (
  purpose: RecordShown['purpose'],
  type: string,
  name: string,
  expected: string,
  more: Partial<RecordShown>,
): RecordShown => ({
  purpose,
  type,
  name,
  expected,
  line: `${name}. ${type} ${type === 'TXT' ? `"${expected}"` : `${expected}.`}`,
  found: [expected],
  verdict: 'right',
  need: 'required',
  required: true,
  why: '',
  checked_at: before(3),
  ...more,
});

const records = (host: string, done: boolean): RecordShown[] => [
  record('dkim', 'TXT', `ph1._domainkey.${host}`, DKIM, {
    why: 'Signs your mail: receivers see that it is yours and unchanged. It is in place.',
  }),
  record(
    'return_path',
    'CNAME',
    `bounces.${host}`,
    'mailer.mail.acme.test',
    done
      ? { why: 'Brings bounces back to this server. It is in place.' }
      : {
          verdict: 'missing',
          found: [],
          why: 'Brings bounces back to this server, so that you learn what did not arrive. Nobody has published it yet.',
        },
  ),
  record(
    'dmarc',
    'TXT',
    `_dmarc.${host}`,
    'v=DMARC1; p=quarantine',
    done
      ? { why: 'Tells receivers what to do with mail that only claims to be yours.' }
      : {
          verdict: 'wrong',
          found: ['v=DMARC1; p=none; rua=mailto:old@elsewhere.example', HOSTILE_SUBJECT],
          why: 'Tells receivers what to do with mail that only claims to be yours. There are two records where one may be.',
        },
  ),
  record('spf', 'TXT', host, 'v=spf1 include:mail.acme.test -all', {
    need: 'recommended',
    required: false,
    why: 'Lists the servers that send for you.',
  }),
  record(
    'mx',
    'MX',
    host,
    '10 mail.acme.test',
    done
      ? { need: 'receiving', required: false, why: 'Brings mail for your mailboxes here.' }
      : {
          verdict: 'unknown',
          found: ['The name server did not answer (SERVFAIL).'],
          need: 'receiving',
          required: false,
          why: 'Brings mail for your mailboxes here. DNS did not answer.',
        },
  ),
];

const domains: DomainRow[] = [
  { host: 'acme.test', name: 'Acme', verified: true, sending: true, problems: 0, created_at: before(90_000) },
  {
    host: 'shop.acme.test',
    name: null,
    verified: false,
    sending: false,
    problems: 3,
    created_at: before(300),
  },
  {
    host: 'a-very-long-name-for-a-domain-that-somebody-really-registered.example',
    name: null,
    verified: true,
    sending: true,
    problems: 1,
    created_at: before(9000),
  },
];

function domain(host: string): DomainShown {
  const row = domains.find((one) => one.host === host);
  if (!row) throw new Refusal('missing', `There is no domain ${host}. The list shows those that there are.`);
  return {
    ...row,
    id: 1,
    uuid: '01a1fd70-8b2b-7409-9237-000000000001',
    verified_at: row.verified ? before(80_000) : null,
    tls: 'opportunistic',
    tracking: 'off',
    unsubscribe: 'on',
    receives: 'known',
    dmarc: 'flag',
    catch_all: null,
    mailbox_limit: null,
    records: records(host, row.problems === 0),
    zone_url: `/console/files/domain/${host}/zone`,
  };
}

const settings = (user: string) => ({
  user,
  autoconfig_url: 'https://autoconfig.acme.test/mail/config-v1.1.xml',
  profile_url: `/console/files/profile/${user}`,
  rows: [
    { protocol: 'imap' as const, host: 'mail.acme.test', port: 993, security: 'tls' as const, user },
    { protocol: 'pop3' as const, host: 'mail.acme.test', port: 995, security: 'tls' as const, user },
    {
      protocol: 'submission' as const,
      host: 'mail.acme.test',
      port: 587,
      security: 'starttls' as const,
      user,
    },
  ],
});

const key = (id: number, more: Partial<KeyRow>): KeyRow => ({
  id,
  name: `Key ${id}`,
  shape: 'mailpace',
  prefix: 'f3a9…',
  mode: 'capture',
  scopes: ['send'],
  bound_to: { kind: 'domain', name: 'acme.test' },
  rate_per_minute: null,
  state: 'valid',
  created_at: before(40_000),
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
  ...more,
});
const keys: KeyRow[] = [
  key(1, { name: 'Web shop', mode: 'live', last_used_at: before(4) }),
  key(2, {
    name: 'Staging',
    shape: 'mailstack',
    prefix: 'ms_test_8Kd2…',
    scopes: ['emails:send', 'emails:read', 'templates:read'],
    bound_to: { kind: 'organization', name: null },
    expires_at: after(60 * 24 * 41),
    last_used_at: before(2000),
  }),
  key(3, {
    name: HOSTILE_SUBJECT,
    shape: 'mailsac',
    prefix: 'k_ab12…',
    scopes: ['mail'],
    mode: 'hold',
    bound_to: { kind: 'user', name: 'kim' },
  }),
  key(4, { name: 'Old server', state: 'revoked', revoked_at: before(9000), last_used_at: before(9100) }),
];
const shapes = [
  {
    name: 'mailpace',
    about: 'sends from one domain',
    bound: 'domain' as const,
    named: false,
    test: false,
    scopes: ['send'],
    ordinary: ['send'],
    path: '/api/v1/send',
    header: 'MailPace-Server-Token: $TOKEN',
  },
  {
    name: 'mailstack',
    about: 'sends, schedules, templates, webhooks',
    bound: 'organization' as const,
    named: true,
    test: true,
    scopes: [
      '*',
      'emails:send',
      'emails:read',
      'domains:read',
      'domains:write',
      'templates:read',
      'templates:write',
      'webhooks:write',
    ],
    ordinary: ['emails:send', 'emails:read'],
    path: '/v1/emails',
    header: 'Authorization: Bearer $TOKEN',
  },
  {
    name: 'mailapi',
    about: 'makes domains and mailboxes, tells what became of them',
    bound: 'user' as const,
    named: false,
    test: false,
    scopes: ['all'],
    ordinary: ['all'],
    path: '/api/v1/list/domain',
    header: 'X-Api-Key: $TOKEN',
  },
];

const PEOPLE = 100_000;
const mailbox = (index: number): MailboxRow => ({
  address:
    index < 3
      ? (['kim@acme.test', 'support@acme.test', 'ann@acme.test'][index] as string)
      : `person${String(index).padStart(6, '0')}@acme.test`,
  kind: 'full',
  name: index === 5 ? HOSTILE_SUBJECT : pick(NAMES, index),
  quota_bytes: index % 4 === 3 ? null : 2_000_000_000,
  used_bytes: index === 1 ? 1_940_000_000 : (index * 104_729_017) % 1_900_000_000,
  messages: (index * 37) % 9000,
  unread: (index * 13) % 40,
  suspended: index === 4,
  removed_at: index === 6 ? before(3000) : null,
  has_password: index !== 2,
  created_at: before(index * 60 + 900),
});
const people = () => Array.from({ length: 400 }, (_, index) => mailbox(index));
const byAddress = (address: string) => people().find((row) => row.address === address) ?? mailbox(0);

export const setup = {
  'domain.list': () => ({ rows: domains }),
  'domain.show': ({ host }) => domain(host),
  'domain.add': ({ host }) => {
    if (!host.includes('.'))
      throw new Refusal('invalid', 'This is no domain name. Write it like example.com.', {
        fields: { host: 'Write it like example.com.' },
      });
    domains.unshift({
      host,
      name: null,
      verified: false,
      sending: false,
      problems: 3,
      created_at: before(0),
    });
    return domain(host);
  },
  'domain.check': ({ host }) => domain(host),
  'domain.look': ({ host }) => domain(host),
  'domain.set': ({ host }) => domain(host),
  'domain.remove': () => ({}),
  'domain.setup': ({ host }) => settings(`name@${host}`),
  'key.list': () => ({ rows: keys }),
  'key.show': ({ id }) => ({ key: keys.find((one) => one.id === id) ?? key(id, {}), allowed: [] }),
  'key.shapes': () => ({ rows: shapes }),
  'key.make': (input) => {
    const made = key(keys.length + 1, {
      name: input.name,
      shape: input.shape,
      mode: input.mode ?? 'capture',
    });
    keys.unshift(made);
    return {
      id: made.id,
      token: 'ms_live_4Tq8vXw2LkZr9Bn6Yc3HdJf5',
      key: made,
      example:
        'curl http://127.0.0.1:8025/v1/emails -H \'Authorization: Bearer ms_live_4Tq8vXw2LkZr9Bn6Yc3HdJf5\' -d \'{"from":"hello@acme.test"}\'',
    };
  },
  'key.set': ({ id }) => ({ key: keys.find((one) => one.id === id) ?? key(id, {}), allowed: [] }),
  'key.revoke': () => ({}),
  'mailbox.list': ({ before: from, limit, search }) => {
    if (search === null) return paged(PEOPLE, from, limit, mailbox);
    return listed(
      people().filter((row) => contains(search, row.address, row.name)),
      from,
      limit,
    );
  },
  'mailbox.show': ({ address }) => ({
    mailbox: byAddress(address),
    keep_sent: 'on',
    keep_days: null,
    keep_messages: null,
    keep_bytes: null,
    folders: [
      { name: 'INBOX', role: 'inbox', messages: 240, unread: 12 },
      { name: 'Sent', role: 'sent', messages: 96, unread: 0 },
      { name: 'Junk', role: 'spam', messages: 31, unread: 31 },
      { name: 'Projects/2026', role: null, messages: 18, unread: 2 },
    ],
  }),
  'mailbox.make': ({ address, password }) => ({
    address,
    password: password === null ? 'kiwi-lamp-orbit-92' : null,
  }),
  'mailbox.make_many': ({ lines }) => ({
    results: lines.map((line, index) => ({
      address: line.address,
      outcome: index === 1 ? ('exists' as const) : ('made' as const),
      text: index === 1 ? 'There is a mailbox at this address already.' : null,
      password: index === 1 ? null : `pear-${index}-cloud-7${index}`,
    })),
  }),
  'mailbox.password': ({ address, password }) => ({
    address,
    password: password === null ? 'plum-river-tile-31' : null,
  }),
  'mailbox.suspend': () => ({}),
  'mailbox.resume': () => ({}),
  'mailbox.rename': () => ({}),
  'mailbox.remove': () => ({}),
  'mailbox.restore': () => ({}),
  'mailbox.set': ({ address }) => ({
    mailbox: byAddress(address),
    folders: [],
    keep_sent: 'on',
    keep_days: null,
    keep_messages: null,
    keep_bytes: null,
  }),
  'mailbox.settings': ({ address }) => settings(address),
} satisfies Partial<Handlers>;
