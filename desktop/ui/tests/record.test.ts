import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { RecordShown } from '$lib/api';
import Record from '$lib/domains/Record.svelte';
import { isOpen, tone } from '$lib/domains/verdicts';

const record = (more: Partial<RecordShown>): RecordShown => ({
  purpose: 'dmarc',
  type: 'TXT',
  name: '_dmarc.acme.test',
  expected: 'v=DMARC1; p=quarantine',
  line: '_dmarc.acme.test. TXT "v=DMARC1; p=quarantine"',
  found: [],
  verdict: 'missing',
  need: 'required',
  required: true,
  why: 'Nobody has published it yet.',
  checked_at: null,
  ...more,
});

describe('a record', () => {
  it.each([
    ['right', true, 'good'],
    ['missing', true, 'bad'],
    ['wrong', true, 'bad'],
    ['missing', false, 'warn'],
    ['wrong', false, 'warn'],
    ['unknown', true, 'plain'],
  ] as const)('that is %s (required: %s) is coloured %s', (verdict, required, colour) => {
    expect(tone({ verdict, required })).toBe(colour);
  });

  it('opens by itself unless it is in place', () => {
    expect(isOpen({ verdict: 'right' })).toBe(false);
    for (const verdict of ['missing', 'wrong', 'unknown'] as const) expect(isOpen({ verdict })).toBe(true);
  });

  it('shows what is expected beside what was found, and why', () => {
    render(Record, {
      record: record({
        verdict: 'wrong',
        found: ['v=DMARC1; p=none', '<img src=x onerror=alert(1)>'],
        why: 'Two are there.',
      }),
    });
    expect(screen.getByText('Different')).toBeTruthy();
    expect(screen.getByLabelText('Expected').textContent).toBe('v=DMARC1; p=quarantine');
    expect(screen.getAllByLabelText('Found').map((one) => one.textContent)).toEqual([
      'v=DMARC1; p=none',
      '<img src=x onerror=alert(1)>',
    ]);
    expect(screen.getByText('Two are there.')).toBeTruthy();
    expect(document.querySelector('img')).toBeNull();
  });

  it('says that nothing was found', () => {
    render(Record, { record: record({}) });
    expect(screen.getByText('Missing')).toBeTruthy();
    expect(screen.getByText('Nothing found')).toBeTruthy();
  });
});
