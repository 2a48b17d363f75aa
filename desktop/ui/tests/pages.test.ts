import { describe, expect, it } from 'vitest';
import type { Page } from '$lib/api';
import { Refusal } from '$lib/api';
import { Pages } from '$lib/shared/pages.svelte';

/** Rows `from, from - 1, ... 1`, so many a page. */
function shelf(newest: number, size: number) {
  const state = { newest, asked: [] as (string | null)[] };
  const ask = async (before: string | null): Promise<Page<number>> => {
    state.asked.push(before);
    const start = before === null ? state.newest : Number(before);
    const rows = Array.from({ length: Math.min(size, start) }, (_, at) => start - at);
    const end = start - rows.length;
    return { rows, next: end > 0 ? String(end) : null, total: state.newest };
  };
  return { state, list: new Pages<number>(ask, (row) => row) };
}

describe('a long list', () => {
  it('fetches page after page by what the page before said, to the end and no further', async () => {
    const { state, list } = shelf(5, 2);
    await list.reset();
    expect(list.rows).toEqual([5, 4]);
    await list.further();
    await list.further();
    await list.further();
    expect(list.rows).toEqual([5, 4, 3, 2, 1]);
    expect(state.asked).toEqual([null, '3', '1']);
    expect(list.more).toBe(false);
    expect(list.total).toBe(5);
  });

  it('puts what is new on top and keeps what was fetched below', async () => {
    const { state, list } = shelf(6, 3);
    await list.reset();
    await list.further();
    state.newest = 8;
    await list.refresh();
    expect(list.rows).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('begins anew when more came than a page holds', async () => {
    const { state, list } = shelf(4, 2);
    await list.reset();
    await list.further();
    state.newest = 20;
    await list.refresh();
    expect(list.rows).toEqual([20, 19]);
    await list.further();
    expect(list.rows).toEqual([20, 19, 18, 17]);
  });

  it('says why it ends when it is refused, and goes on after a new beginning', async () => {
    let refused = true;
    const list = new Pages<number>(
      async () => {
        if (refused) throw new Refusal('busy', 'Too much at once. Try again in a moment.');
        return { rows: [1], next: null, total: 1 };
      },
      (row) => row,
    );
    await list.reset();
    expect(list.error?.message).toBe('Too much at once. Try again in a moment.');
    expect(list.more).toBe(false);
    refused = false;
    await list.reset();
    expect(list.error).toBeNull();
    expect(list.rows).toEqual([1]);
  });
});
