import { Refusal, type Input, type Name, type Output, type Transport } from '../transport';
import type { Changed, ChangedKind, RefusedKind } from '../types';
import { doors } from './doors';
import { empty } from './empty';
import type { Handlers } from './handlers';
import { arrive, mail } from './mail';
import { search } from './search';
import { setup } from './setup';
import { team } from './team';

/** What the tests want to see: everything, nothing yet, nobody signed in, no owner yet, a reader. */
export type Scene = 'full' | 'empty' | 'signed-out' | 'welcome' | 'reader' | 'desktop';
const SCENE = 'posthouse-fake-scene';

/** Stands where the engine would, for tests. It is not part of a production build. */
export class Fake implements Transport {
  readonly app: boolean;
  readonly calls: { name: string; input: unknown }[] = [];
  #ears = new Set<(change: Changed) => void>();
  #answers: Handlers;
  #refusals = new Map<string, Refusal>();
  #saved: string[] = [];

  constructor(scene: Scene = (globalThis.sessionStorage?.getItem(SCENE) as Scene | null) ?? 'full') {
    this.app = scene === 'desktop';
    this.#answers = {
      ...mail,
      ...setup,
      ...doors,
      ...search,
      ...team(scene),
      ...(scene === 'empty' ? empty : {}),
    };
    Object.assign(globalThis, { posthouseFake: this });
  }

  /** Answers a command otherwise. */
  answer<N extends Name>(name: N, how: Handlers[N]): void {
    this.#answers = { ...this.#answers, [name]: how };
  }

  /** Refuses a command from now on. */
  refuse(name: Name, kind: RefusedKind, message: string, fields: Record<string, string> = {}): void {
    this.#refusals.set(name, new Refusal(kind, message, { fields }));
  }

  async call<N extends Name>(name: N, input: Input<N>): Promise<Output<N>> {
    this.calls.push({ name, input });
    const refusal = this.#refusals.get(name);
    if (refusal) throw refusal;
    const answer = this.#answers[name] as (input: Input<N>) => Output<N> | Promise<Output<N>>;
    // As the wire does it: a copy, without what is undefined.
    return JSON.parse(JSON.stringify(await answer(input))) as Output<N>;
  }

  events(heard: (change: Changed) => void): () => void {
    this.#ears.add(heard);
    return () => void this.#ears.delete(heard);
  }

  /** Says that something changed. */
  tell(what: ChangedKind, id: number | null = null): void {
    if (what === 'message') arrive();
    this.#ears.forEach((ear) => ear({ what, id }));
  }

  async save(url: string): Promise<void> {
    this.#saved.push(url);
  }

  frame(url: string): string {
    return url;
  }

  async text(path: string, limit: number): Promise<string> {
    return (await this.call('file.text', { path, limit })).text;
  }

  get saved(): readonly string[] {
    return this.#saved;
  }
}
