import { Refusal, type Input, type Name, type Output, type Transport } from './transport';
import type { Changed, SessionShown } from './types';

const ROOT = '/console';
const AGAIN_MS = 5000;
const UNREACHABLE =
  'The server does not answer. See that it runs and that you are on its network, then try again.';

/** The web console: JSON over the server that sent the page. */
export class Http implements Transport {
  readonly app = false;
  #csrf: string | null = null;

  async call<N extends Name>(name: N, input: Input<N>): Promise<Output<N>> {
    try {
      return await this.#post(name, input);
    } catch (thrown) {
      // Another tab signed in anew: this one's token is of a session that is over.
      if (!(thrown instanceof Refusal) || thrown.code !== 'forged') throw thrown;
      await this.#post('session.show', {});
      return this.#post(name, input);
    }
  }

  async #post<N extends Name>(name: N, input: Input<N>): Promise<Output<N>> {
    const headers: Record<string, string> = {
      'Content-Type': 'application/json',
      'X-Posthouse-Console': '1',
    };
    if (this.#csrf) headers['X-CSRF-Token'] = this.#csrf;
    const answer = await fetch(`${ROOT}/api/${name}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(input),
      credentials: 'same-origin',
      cache: 'no-store',
    }).catch(() => {
      throw new Refusal('unreachable', UNREACHABLE);
    });
    const body: unknown = await answer.json().catch(() => null);
    if (!answer.ok) throw Refusal.told(body) ?? wordless(answer.status);
    if (body !== null && typeof body === 'object' && 'csrf' in body) {
      this.#csrf = (body as SessionShown).csrf;
    }
    return body as Output<N>;
  }

  events(heard: (change: Changed) => void): () => void {
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let opened = false;
    let over = false;
    const open = () => {
      source = new EventSource(`${ROOT}/events`);
      source.onmessage = (frame: MessageEvent<string>) => heard(JSON.parse(frame.data) as Changed);
      source.onopen = () => {
        // What was said while nobody listened is not said again.
        if (opened) heard({ what: 'all', id: null });
        opened = true;
      };
      source.onerror = () => {
        // After an answer that is no stream the browser does not try again by itself.
        if (!over && source.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS);
      };
    };
    open();
    return () => {
      over = true;
      clearTimeout(timer);
      source.close();
    };
  }

  async save(url: string, name: string): Promise<void> {
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.rel = 'noopener';
    document.body.append(link);
    link.click();
    link.remove();
  }

  frame(url: string): string {
    return url;
  }

  async text(url: string, limit: number): Promise<string> {
    const answer = await fetch(url, { credentials: 'same-origin' }).catch(() => {
      throw new Refusal('unreachable', UNREACHABLE);
    });
    if (!answer.ok) throw Refusal.told(await answer.json().catch(() => null)) ?? wordless(answer.status);
    return (await answer.text()).slice(0, limit);
  }
}

function wordless(status: number): Refusal {
  const message = `The server answered ${status} without saying why. Its log tells more.`;
  return new Refusal(status >= 502 ? 'unreachable' : 'internal', message);
}
