import { describe, expect, it } from 'vitest';
import { csv, parse as lines } from '$lib/mailboxes/lines';
import { split, wrong } from '$lib/messages/recipients';
import { limit } from '$lib/relays/limits';
import { parse, to } from '$lib/router.svelte';
import { bytes, size } from '$lib/shared/amounts';
import { ago } from '$lib/shared/dates';

describe('places', () => {
  it.each([
    ['', 'overview', null],
    ['#/', 'overview', null],
    ['#/domains', 'domains', null],
    ['#/mailboxes/kim%40acme.test', 'mailboxes', 'kim@acme.test'],
    ['#/outbox/a%2Fb?tab=events', 'outbox', 'a/b'],
    ['#/outbox/%E0%A4%A', 'outbox', '%E0%A4%A'],
  ])('%s is %s of %s', (hash, view, id) => {
    expect(parse(hash)).toMatchObject({ view, id });
  });

  it('are written as they are read', () => {
    const hash = to('inbox', 7, { q: 'a&b=c', mailbox: '', folder: null });
    expect(hash).toBe('#/inbox/7?q=a%26b%3Dc');
    expect(parse(hash).query.get('q')).toBe('a&b=c');
  });
});

describe('amounts', () => {
  it.each([
    ['2 GB', 2_000_000_000],
    ['500MB', 500_000_000],
    ['1.5 kb', 1500],
    ['42', 42],
    ['', null],
    ['many', null],
    ['-1', null],
    ['2 GiB', null],
  ])('%s is %s bytes', (text, expected) => {
    expect(bytes(text)).toBe(expected);
  });

  it('are told in thousands', () => {
    expect([0, 999, 1000, 1_940_000_000].map(size)).toEqual(['0 bytes', '999 bytes', '1 kB', '1.9 GB']);
  });

  it.each([
    ['', null],
    ['0', null],
    ['-5', null],
    ['12.5', null],
    ['x', null],
    ['100', 100],
  ])('a limit of "%s" is %s', (text, expected) => {
    expect(limit(text)).toBe(expected);
  });
});

describe('moments', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  it.each([
    ['2026-11-21T11:59:40Z', 'now'],
    ['2026-11-21T11:30:00Z', '30 minutes ago'],
    ['2026-11-22T12:00:00Z', 'tomorrow'],
    ['2026-11-18T12:00:00Z', '3 days ago'],
  ])('%s is %s', (at, words) => {
    expect(ago(at, now)).toBe(words);
  });
});

describe('many mailboxes', () => {
  it('are read a line each, with or without a head', () => {
    const { lines: read, bad } = lines(
      'address,name,quota\nkim@acme.test, Kim Doe, 2 GB\n\nann@acme.test\n"ola@acme.test";"Ola"\nnobody\n@acme.test',
    );
    expect(read).toEqual([
      { address: 'kim@acme.test', name: 'Kim Doe', quota_bytes: 2_000_000_000, password: null },
      { address: 'ann@acme.test', name: '', quota_bytes: null, password: null },
      { address: 'ola@acme.test', name: 'Ola', quota_bytes: null, password: null },
    ]);
    expect(bad).toEqual([6, 7]);
  });

  it('leave as CSV that no spreadsheet runs', () => {
    const made = { outcome: 'made' as const, text: null };
    expect(
      csv([
        { ...made, address: '=cmd@a.test', password: 'a"b' },
        { address: 'x@a.test', outcome: 'exists', text: 'no', password: null },
      ]),
    ).toBe(`address,password\n"'=cmd@a.test","a""b"`);
  });
});

describe('recipients', () => {
  it('part at commas that are not in quotes', () => {
    expect(split('Kim <kim@a.test>, "Doe, Ann" <ann@b.test>;ola@c.test\n')).toEqual([
      'Kim <kim@a.test>',
      '"Doe, Ann" <ann@b.test>',
      'ola@c.test',
    ]);
  });

  it('are refused by name', () => {
    expect(wrong(['kim@a.test', 'Kim <kim@a.test>'])).toBeNull();
    expect(wrong(['kim@a.test', 'kim'])).toBe('kim');
    expect(wrong(['a b@c.test'])).toBe('a b@c.test');
  });
});
