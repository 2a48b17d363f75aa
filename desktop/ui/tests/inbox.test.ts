import { render, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { here } from '$lib/session/session.svelte';
import Inbox from '$views/Inbox.svelte';
import { engine } from './setup';

const boxes = () => screen.getAllByRole('checkbox');
const show = async () => {
  const fake = await engine();
  await here.look();
  render(Inbox, { id: null, query: new URLSearchParams() });
  await waitFor(() => expect(boxes().length).toBeGreaterThan(3));
  return fake;
};

describe('the inbox', () => {
  it('does to the chosen messages, and to no others, what is asked', async () => {
    const fake = await show();
    expect(screen.queryByRole('toolbar')).toBeNull();
    boxes()[0]!.click();
    boxes()[2]!.click();
    const bar = within(await screen.findByRole('toolbar', { name: 'The chosen messages' }));
    await bar.findByText('2 chosen');
    const listed = fake.calls.filter((call) => call.name === 'message.list').length;
    bar.getByRole('button', { name: 'Mark as read' }).click();
    await waitFor(() => expect(fake.calls.some((call) => call.name === 'message.mark')).toBe(true));
    const asked = fake.calls.find((call) => call.name === 'message.mark')?.input as { ids: number[] };
    expect(asked).toEqual({ ids: asked.ids, seen: true, starred: null });
    expect(new Set(asked.ids).size).toBe(2);
    const now = () => fake.calls.filter((call) => call.name === 'message.list').length;
    await waitFor(() => expect(now()).toBeGreaterThan(listed));
    bar.getByRole('button', { name: 'Choose none' }).click();
    await waitFor(() => expect(screen.queryByRole('toolbar')).toBeNull());
  });

  it('asks before it deletes several', async () => {
    const fake = await show();
    boxes()[1]!.click();
    boxes()[3]!.click();
    const bar = within(await screen.findByRole('toolbar'));
    bar.getByRole('button', { name: 'Delete' }).click();
    const ask = within(await screen.findByRole('alertdialog'));
    ask.getByText('Delete 2 messages?');
    expect(fake.calls.some((call) => call.name === 'message.remove')).toBe(false);
    ask.getByRole('button', { name: 'Delete' }).click();
    await waitFor(() => expect(fake.calls.some((call) => call.name === 'message.remove')).toBe(true));
    await waitFor(() => expect(screen.queryByRole('toolbar')).toBeNull());
  });
});
