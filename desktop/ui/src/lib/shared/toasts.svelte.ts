import { Refusal } from '$lib/api';

export interface Toast {
  id: number;
  tone: 'good' | 'bad';
  text: string;
}

const SHOWN_MS = 6000;

/** Short words at the edge of the page, also read aloud. */
class Toasts {
  all = $state<Toast[]>([]);
  #last = 0;

  #say(tone: Toast['tone'], text: string): void {
    const id = ++this.#last;
    this.all = [...this.all.slice(-3), { id, tone, text }];
    setTimeout(() => this.drop(id), tone === 'good' ? SHOWN_MS : SHOWN_MS * 2);
  }

  good(text: string): void {
    this.#say('good', text);
  }

  bad(thrown: unknown): void {
    this.#say('bad', Refusal.of(thrown).message);
  }

  drop(id: number): void {
    this.all = this.all.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();

/** Does it, says that it is done, or why it is not. True when it is done. */
export async function attempt(doing: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await doing();
    if (done) toasts.good(done);
    return true;
  } catch (thrown) {
    toasts.bad(thrown);
    return false;
  }
}
