import type {
  AttemptShown,
  DeliveryShown,
  DeliveryState,
  EmailRow,
  EmailShown,
  EmailStatus,
  MessageRow,
  MessageShown,
  Story,
} from '../types';
import { BIDI_SUBJECT, HOSTILE_HTML, HOSTILE_NAME, HOSTILE_SUBJECT, LONG_SUBJECT } from './hostile';
import { address, after, before, contains, NAMES, paged, pick, SUBJECTS } from './people';
import type { Handlers } from './handlers';

const EMAILS = 100_000;
const MESSAGES = 100_000;
const STATUSES: EmailStatus[] = [
  'delivered',
  'delivered',
  'sent',
  'delivered',
  'bounced',
  'delivered',
  'queued',
  'sent',
  'complained',
  'scheduled',
];
const subject = (index: number): string =>
  [HOSTILE_SUBJECT, BIDI_SUBJECT, LONG_SUBJECT][index - 4] ?? pick(SUBJECTS, index);
const uuid = (index: number): string => `01a1fd70-8b2b-7409-9237-${String(index).padStart(12, '0')}`;
const number = (id: string): number => Number(id.slice(-12));
const removed = new Set<number>();
const marked = new Map<number, { seen?: boolean; starred?: boolean }>();
let fresh = 0;

export const arrive = (): number => (fresh += 1);

function email(index: number): EmailRow {
  const many = index % 6 === 2;
  return {
    id: uuid(index),
    at: before(index * 7 + 1),
    from: index === 4 ? HOSTILE_NAME : 'Acme Shop <hello@acme.test>',
    to: many ? [address(index), address(index + 1), address(index + 2)] : [address(index)],
    subject: index === 8 ? null : subject(index),
    status: index === 1 ? 'queued' : index === 2 ? 'bounced' : pick(STATUSES, index),
    tags: index % 3 === 0 ? ['receipt'] : index === 4 ? ['<b>bold</b>'] : [],
  };
}

const TALK = [
  '< 220 mx.customer.example ESMTP',
  '> EHLO mail.acme.test',
  '< 250-mx.customer.example',
  '< 250-SIZE 52428800',
  '< 250-STARTTLS',
  '< 250 ENHANCEDSTATUSCODES',
  '> STARTTLS',
  '< 220 2.0.0 Ready to start TLS',
  '= TLSv1.3 TLS_AES_256_GCM_SHA384, certificate of mx.customer.example',
  '> EHLO mail.acme.test',
  '< 250 mx.customer.example',
  '> MAIL FROM:<b+1.2@bounces.acme.test>',
  '< 250 2.1.0 Ok',
];
const REFUSED =
  '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org; <script>top.__pwned=1</script>';

function attempt(
  number: number,
  outcome: AttemptShown['outcome'],
  minutes: number,
  to: string,
): AttemptShown {
  const end =
    {
      sent: [
        '> RCPT TO:<%>',
        '< 250 2.1.5 Ok',
        '> DATA',
        '< 354 End data with <CR><LF>.<CR><LF>',
        '= 2,418 bytes',
        '< 250 2.0.0 Ok: queued as 4F2A1',
      ],
      refused: ['> RCPT TO:<%>', `< ${REFUSED}`, '> QUIT'],
      deferred: ['> RCPT TO:<%>', '< 451 4.7.1 Greylisted, try again in 300 seconds', '> QUIT'],
    }[outcome as 'sent' | 'refused' | 'deferred'] ?? [];
  return {
    number,
    at: before(minutes),
    ended_at: before(minutes),
    route: 'direct',
    host: 'mx.customer.example [192.0.2.25]:25',
    outcome,
    answer:
      outcome === 'sent'
        ? '250 2.0.0 Ok: queued as 4F2A1'
        : outcome === 'refused'
          ? REFUSED
          : '451 4.7.1 Greylisted, try again in 300 seconds',
    tls: 'TLSv1.3, TLS_AES_256_GCM_SHA384, certificate in order',
    failed_at: outcome === 'sent' ? null : 'rcpt',
    dns: ['customer.example MX 10 mx.customer.example', 'mx.customer.example A 192.0.2.25'],
    steps: [
      { step: 'planned', at: before(minutes) },
      { step: 'connected', at: before(minutes) },
      { step: 'settled', at: before(minutes) },
    ],
    conversation: [...TALK, ...end.map((line) => line.replace('%', to))],
  };
}

function delivery(row: EmailRow, to: string, at: number): DeliveryShown {
  const state: DeliveryState =
    at === 1
      ? 'deferred'
      : row.status === 'bounced'
        ? 'bounced'
        : row.status === 'queued'
          ? 'held'
          : 'delivered';
  const tries: Record<string, AttemptShown[]> = {
    bounced: [attempt(1, 'deferred', 60, to), attempt(2, 'refused', 15, to)],
    deferred: [attempt(1, 'deferred', 12, to)],
    held: [],
    delivered: [attempt(1, 'sent', 5, to)],
  };
  const attempts = tries[state] ?? [];
  return {
    id: number(row.id) * 10 + at,
    recipient: to,
    field: at === 2 ? 'cc' : 'to',
    state,
    route: attempts.length > 0 ? 'direct' : null,
    next_at: state === 'deferred' ? after(9) : null,
    last_answer: attempts.at(-1)?.answer ?? null,
    sent_at: state === 'delivered' ? before(5) : null,
    updated_at: before(5),
    message: null,
    attempts,
  };
}

function shown(id: string): EmailShown {
  const row = email(number(id));
  const deliveries = row.to.map((to, at) => delivery(row, to, at));
  const held = deliveries.some((one) => one.state === 'held');
  return {
    ...row,
    number: number(id) + 1,
    message_id: `${id}@mail.acme.test`,
    send_at: null,
    cc: [],
    bcc: [],
    reply_to: null,
    domain: 'acme.test',
    trouble: row.status === 'bounced' ? REFUSED : null,
    held,
    cancelable: held,
    deliveries,
    events: [
      { at: before(62), kind: 'queued', text: 'Accepted with key 3, mode live', recipient: null, url: null },
      ...deliveries.map((one) => ({
        at: one.updated_at,
        kind:
          one.state === 'held'
            ? ('held' as const)
            : one.state === 'delivered'
              ? ('delivered' as const)
              : one.state === 'deferred'
                ? ('deferred' as const)
                : ('bounced' as const),
        text: one.last_answer,
        recipient: one.recipient,
        url: null,
      })),
    ],
    text: `Hello,\n\nthank you for your order. It leaves our house today.\n\n${HOSTILE_SUBJECT}\n\nYours, Acme\n`,
    has_html: true,
    raw_url: `/console/files/email/${id}/raw`,
  };
}

function story(id: string, dns: boolean): Story {
  const detail = shown(id);
  return {
    id,
    domain: 'acme.test',
    records: null,
    records_not_asked: 'not asked for',
    recipients: detail.deliveries.map((one) => ({
      recipient: one.recipient,
      state: one.state,
      route: "straight to the recipient's mail server",
      standing:
        one.state === 'bounced'
          ? `It was refused for good by ${one.attempts[1]?.host}: ${REFUSED}`
          : one.state === 'held'
            ? 'It waits for a person to release it.'
            : one.state === 'deferred'
              ? 'It was put off, and is tried again in 9 minutes.'
              : 'The recipient’s server has it.',
      refusal:
        one.state !== 'bounced'
          ? null
          : {
              attempt: 2,
              by: 'mx.customer.example',
              stage: 'rcpt',
              line: REFUSED,
              force: 'permanent',
              meaning: "This machine's address is on a block list of Spamhaus, which the receiver uses.",
              next_step:
                'Look it up on https://check.spamhaus.org: it says which list and why. Stop the cause first, then ask for removal there. Then send it again.',
              sources: ['https://www.spamhaus.org/faqs/dnsbl-usage/', 'javascript:top.__pwned=1'],
            },
      next_step: one.state === 'held' ? 'Release it, or decide that it is never sent.' : null,
      dns: dns
        ? {
            domain: 'customer.example',
            takes: 'mail',
            hosts: [],
            lines: ['MX 10 mx.customer.example', 'mx.customer.example A 192.0.2.25'],
          }
        : null,
      dns_not_asked: null,
      events: [],
      attempts: one.attempts,
      message: null,
    })),
  };
}

function message(index: number): MessageRow {
  const mark = marked.get(index);
  return {
    id: index,
    mailbox: index % 3 === 0 ? 'kim@acme.test' : index % 3 === 1 ? 'support@acme.test' : 'ann@acme.test',
    from: index === 4 ? HOSTILE_NAME : `${pick(NAMES, index)} <${address(index)}>`,
    subject: index === 9 ? null : subject(index),
    at: before(index * 11 + 2),
    size_bytes: 2400 + ((index * 7919) % 900_000),
    seen: mark?.seen ?? index > 3,
    starred: mark?.starred ?? index % 11 === 2,
    folder: 'inbox',
    attachments: index % 5 === 1 ? 2 : 0,
  };
}

function opened(id: number): MessageShown {
  const row = message(id);
  const url = `/console/files/message/${id}`;
  const links = [
    'https://acme.test/orders/9',
    'https://evil.example/' + 'a'.repeat(140),
    'javascript:top.__pwned=1',
  ];
  return {
    ...row,
    to: [row.mailbox],
    cc: id % 4 === 1 ? ['team@partner.example'] : [],
    reply_to: [],
    date: row.at,
    message_id: `${id}@customer.example`,
    labels: [],
    email: null,
    headers: [
      {
        name: 'Received',
        value: 'from mx.customer.example (mx.customer.example [192.0.2.25]) by mail.acme.test with ESMTPS',
      },
      { name: 'From', value: row.from },
      { name: 'To', value: row.mailbox },
      { name: 'Subject', value: row.subject ?? '' },
      { name: 'Date', value: 'Sat, 21 Nov 2026 10:12:44 +0000' },
      { name: 'X-Evil', value: HOSTILE_SUBJECT },
      { name: 'Content-Type', value: 'multipart/alternative; boundary="b1"' },
    ],
    text: `Hello,\n\nyou can find the notes of today below.\n\n- the launch is on Tuesday\n- ${HOSTILE_SUBJECT}\n\nBest regards\n${pick(NAMES, id)}\n`,
    has_html: id % 4 !== 3,
    html_url: id % 4 !== 3 ? `${url}/html` : null,
    attachments: row.attachments
      ? [
          {
            name: 'invoice 2026-1142.pdf',
            type: 'application/pdf',
            size_bytes: 84_213,
            inline: false,
            url: `${url}/attachment/0`,
          },
          {
            name: '../../<b>evil</b>.html',
            type: 'text/html',
            size_bytes: 812,
            inline: false,
            url: `${url}/attachment/1`,
          },
        ]
      : [],
    links,
    trace: { remote: '192.0.2.25', helo: 'mx.customer.example', tls: 'TLSv1.3', envelope_from: address(id) },
    verdicts:
      id === 4
        ? { spf: 'fail', dkim: 'none', dmarc: 'fail', arc: 'none' }
        : { spf: 'pass', dkim: 'pass', dmarc: 'pass', arc: 'none' },
    raw_url: `${url}/raw`,
  };
}

const fits = (row: EmailRow, search: string | null, state: DeliveryState | null) =>
  contains(search, row.subject, ...row.to) && (state === null || row.status === state);

export const mail = {
  'email.list': ({ before: from, limit, search, state }) => {
    if (search === null && state === null) return paged(EMAILS, from, limit, email);
    const found = Array.from({ length: 500 }, (_, index) => email(index)).filter((row) =>
      fits(row, search, state),
    );
    return paged(found.length, from, limit, (index) => found[index] as EmailRow);
  },
  'email.show': ({ id }) => shown(id),
  'email.why': ({ id, dns }) => story(id, dns),
  'email.send': () => ({ id: uuid(0), message_id: 'x@mail.acme.test' }),
  'email.release': () => ({ recipients: 1 }),
  'email.burn': () => ({ recipients: 1 }),
  'email.cancel': () => ({}),
  'message.list': ({ before: from, limit, search, mailbox }) => {
    if (search === null && mailbox === null && removed.size === 0)
      return paged(MESSAGES, from, limit, (index) => message(index - fresh));
    const all = Array.from({ length: 900 }, (_, index) => message(index)).filter(
      (row) => !removed.has(row.id),
    );
    const found = all.filter(
      (row) => contains(search, row.subject, row.from) && (mailbox === null || row.mailbox === mailbox),
    );
    return paged(found.length, from, limit, (index) => found[index] as MessageRow);
  },
  'message.show': ({ id }) => opened(id),
  'file.opened': () => opened(4),
  'file.remote': () => ({ has_remote: true }),
  'message.open': ({ id }) => ({ ...opened(id), seen: true }),
  'message.html': ({ remote }) => ({ html: HOSTILE_HTML, has_remote: !remote }),
  'message.mark': ({ ids, seen, starred }) => {
    ids.forEach((id) =>
      marked.set(id, {
        ...marked.get(id),
        ...(seen === null ? {} : { seen }),
        ...(starred === null ? {} : { starred }),
      }),
    );
    return { messages: ids.length };
  },
  'message.move': ({ ids }) => ({ messages: ids.length }),
  'message.remove': ({ ids }) => {
    ids.forEach((id) => removed.add(id));
    return { messages: ids.length };
  },
} satisfies Partial<Handlers>;
