import type { Commands } from './commands';
import type { DesktopCommands } from './desktop';
import type { Changed, Refused, RefusedKind } from './types';

type All = Commands & DesktopCommands;
export type Name = keyof All;
export type Input<N extends Name> = All[N]['input'];
export type Output<N extends Name> = All[N]['output'];

/** How the pages reach the engine. */
export interface Transport {
  /** Whether this is the app, which can show this machine and servers. */
  readonly app: boolean;
  call<N extends Name>(name: N, input: Input<N>): Promise<Output<N>>;
  /** Hears of changes until the function that comes back is called. */
  events(heard: (change: Changed) => void): () => void;
  /** Saves a file that an answer of the engine's named, such as a `raw_url`. */
  save(url: string, name: string): Promise<void>;
  /** Where a frame finds a mail's html that an answer named: a page under a policy of its own. */
  frame(url: string): string;
  /** The beginning of a file that an answer named, as text. */
  text(url: string, limit: number): Promise<string>;
}

export type Kind = RefusedKind | 'unreachable';

/** What went wrong, in words for a person. */
export class Refusal extends Error {
  readonly kind: Kind;
  readonly code: string;
  readonly fields: Record<string, string>;
  readonly wait_ms: number | null;
  readonly request: string | null;

  constructor(kind: Kind, message: string, more: Partial<Refused> = {}) {
    super(message);
    this.name = 'Refusal';
    this.kind = kind;
    this.code = more.code ?? kind;
    this.fields = (more.fields as Record<string, string> | undefined) ?? {};
    this.wait_ms = more.wait_ms ?? null;
    this.request = more.request ?? null;
  }

  /** What the engine's side said, if it said it in its form. */
  static told(body: unknown): Refusal | null {
    const error = (body as { error?: Partial<Refused> } | null)?.error;
    return error?.kind && error.message ? new Refusal(error.kind, error.message, error) : null;
  }

  /** Whatever was thrown, as a refusal. */
  static of(thrown: unknown): Refusal {
    if (thrown instanceof Refusal) return thrown;
    const words = thrown instanceof Error ? thrown.message : String(thrown);
    return Refusal.told(thrown) ?? new Refusal('internal', words);
  }
}
