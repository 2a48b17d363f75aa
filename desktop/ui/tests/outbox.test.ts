import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hear } from '$lib/api';
import Outbox from '$views/Outbox.svelte';
import { engine } from './setup';

const rows = () => screen.getAllByRole('row').slice(1);

describe('the outbox', () => {
  beforeEach(() => (location.hash = '#/outbox'));

  it('holds a hundred thousand emails with few rows in the page', async () => {
    await engine();
    render(Outbox, { id: null, query: new URLSearchParams() });
    await screen.findByText('100 of 100,000');
    expect(rows().length).toBeGreaterThan(8);
    expect(rows().length).toBeLessThan(60);
  });

  it('is walked by keys, and opened by Enter', async () => {
    await engine();
    render(Outbox, { id: null, query: new URLSearchParams() });
    await screen.findByText('100 of 100,000');
    const first = rows()[0]!;
    expect(first.tabIndex).toBe(0);
    await fireEvent.keyDown(first, { key: 'ArrowDown' });
    await waitFor(() => expect(document.activeElement?.getAttribute('data-index')).toBe('1'));
    await fireEvent.keyDown(document.activeElement!, { key: 'Enter' });
    expect(location.hash).toBe('#/outbox/01a1fd70-8b2b-7409-9237-000000000001');
  });

  it('asks again when the engine tells of a change', async () => {
    const fake = await engine();
    hear();
    render(Outbox, { id: null, query: new URLSearchParams() });
    await screen.findByText('100 of 100,000');
    const asked = () => fake.calls.filter((call) => call.name === 'email.list').length;
    const before = asked();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    fake.tell('delivery');
    expect(asked()).toBe(before + 1);
    // A burst is one more, once it is over; what is not this list's is none.
    for (let times = 0; times < 50; times += 1) fake.tell('email');
    fake.tell('mailbox');
    expect(asked()).toBe(before + 1);
    vi.advanceTimersByTime(500);
    expect(asked()).toBe(before + 2);
    vi.advanceTimersByTime(5000);
    expect(asked()).toBe(before + 2);
    fake.tell('all');
    expect(asked()).toBe(before + 3);
    vi.useRealTimers();
  });

  it('says what to do when nothing was sent, and something else when nothing fits', async () => {
    await engine('empty');
    const { rerender } = render(Outbox, { id: null, query: new URLSearchParams() });
    await screen.findByText('Nothing was sent yet');
    await rerender({ id: null, query: new URLSearchParams('q=nothing') });
    await screen.findByText('No email fits');
  });

  it('says how to mend what was refused', async () => {
    const fake = await engine();
    fake.refuse('email.list', 'busy', 'The server has much to do. Try again in a moment.');
    render(Outbox, { id: null, query: new URLSearchParams() });
    expect((await screen.findByRole('alert')).textContent).toContain('Try again in a moment.');
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
  });
});
