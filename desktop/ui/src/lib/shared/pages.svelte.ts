import { on, Refusal, type ChangedKind, type Page } from '$lib/api';

const PAGE = 100;

/** A long list, fetched page by page as it is scrolled. */
export class Pages<T> {
  rows = $state.raw<T[]>([]);
  total = $state<number | null>(null);
  error = $state.raw<Refusal | null>(null);
  loading = $state(false);
  /** Whether the first page was here once. */
  ready = $state(false);
  more = $state(true);
  #next: string | null = null;
  #turn = 0;
  #ask: (before: string | null, limit: number) => Promise<Page<T>>;
  #id: (row: T) => string | number;

  constructor(
    ask: (before: string | null, limit: number) => Promise<Page<T>>,
    id: (row: T) => string | number,
  ) {
    this.#ask = ask;
    this.#id = id;
  }

  /** From the beginning. */
  reset = async (): Promise<void> => {
    this.#turn += 1;
    this.loading = false;
    this.more = true;
    this.#next = null;
    await this.#fetch((page) => (this.rows = page.rows));
    this.ready = true;
  };

  /** The next page, if there is one and none is under way. */
  further = async (): Promise<void> => {
    if (this.loading || !this.more || !this.ready) return;
    await this.#fetch((page) => {
      const known = new Set(this.rows.map(this.#id));
      this.rows = [...this.rows, ...page.rows.filter((row) => !known.has(this.#id(row)))];
    });
  };

  async #fetch(take: (page: Page<T>) => void): Promise<void> {
    const turn = this.#turn;
    this.loading = true;
    try {
      const page = await this.#ask(this.#next, PAGE);
      if (turn !== this.#turn) return;
      take(page);
      this.#next = page.next;
      this.more = page.next !== null;
      this.total = page.total ?? this.total;
      this.error = null;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.error = Refusal.of(thrown);
      this.more = false;
    }
    this.loading = false;
  }

  /** Looks at the first page again: new rows come on top, known ones are brought up to date. When
   * the two do not touch, more came than a page holds, and the list begins anew. */
  refresh = async (): Promise<void> => {
    if (!this.ready) return;
    const turn = this.#turn;
    const page = await this.#ask(null, PAGE).catch(() => null);
    if (page === null || turn !== this.#turn) return;
    const fresh = new Set(page.rows.map(this.#id));
    // Where the rows begin that are older than all of the page.
    let end = -1;
    this.rows.forEach((row, index) => {
      if (fresh.has(this.#id(row))) end = index;
    });
    const whole = page.next === null || end < 0;
    if (whole) {
      this.#next = page.next;
      this.more = page.next !== null;
    }
    this.rows = whole ? page.rows : [...page.rows, ...this.rows.slice(end + 1)];
    this.total = page.total ?? this.total;
    this.error = null;
  };
}

/** A long list of a component: begins anew when `key` changes, and follows the engine's changes. */
export function pages<K, T>(
  key: () => K,
  ask: (key: K, before: string | null, limit: number) => Promise<Page<T>>,
  id: (row: T) => string | number,
  whats: readonly ChangedKind[] = [],
): Pages<T> {
  let last: K;
  const made = new Pages<T>((before, limit) => ask(last, before, limit), id);
  $effect.pre(() => {
    last = key();
    void made.reset();
  });
  $effect(() => on(whats, () => void made.refresh()));
  return made;
}

/** A list that comes whole, as a page. */
export const whole = <T>(rows: T[]): Page<T> => ({ rows, next: null, total: rows.length });
