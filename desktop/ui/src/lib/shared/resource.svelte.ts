import { on, Refusal, type ChangedKind } from '$lib/api';

/** One thing that a page shows: asked for, asked for again when it changed. */
export class Resource<T> {
  data = $state.raw<T | null>(null);
  error = $state.raw<Refusal | null>(null);
  loading = $state(true);
  #ask: () => Promise<T>;
  #turn = 0;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  /** Asks again; what is shown stays until the answer is here. */
  reload = async (): Promise<void> => {
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const data = await this.#ask();
      if (turn !== this.#turn) return;
      this.data = data;
      this.error = null;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.error = Refusal.of(thrown);
    }
    this.loading = false;
  };

  clear(): void {
    this.data = null;
    this.error = null;
  }
}

/** A resource of a component: asked for anew when what `ask` reads of the component changes, and
 * when the engine tells of a change of one of `whats`. */
export function resource<K, T>(
  key: () => K,
  ask: (key: K) => Promise<T>,
  whats: readonly ChangedKind[] = [],
): Resource<T> {
  let last: K;
  const made = new Resource<T>(() => ask(last));
  let known = '';
  $effect.pre(() => {
    last = key();
    const now = JSON.stringify(last) ?? '';
    if (known !== '' && known !== now) made.clear();
    known = now;
    void made.reload();
  });
  $effect(() => on(whats, () => void made.reload()));
  return made;
}
