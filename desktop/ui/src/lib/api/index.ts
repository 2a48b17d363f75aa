import { isTauri } from '@tauri-apps/api/core';
import { Http } from './http';
import { Tauri } from './tauri';
import { Refusal, type Input, type Name, type Output, type Transport } from './transport';
import type { Changed, ChangedKind } from './types';

export type * from './types';
export type { Connection } from './desktop';
export { Refusal, type Input, type Name, type Output, type Transport } from './transport';

/** A page asks again no more often than so, however much happens. */
const QUIET_MS = 500;
let transport: Transport;
let stop: (() => void) | null = null;
const ears = new Set<(change: Changed) => void>();
const losses = new Set<() => void>();

/** Chooses the way to the engine; before anything else. */
export async function open(given?: Transport): Promise<void> {
  if (given) transport = given;
  else if (__FAKE__) transport = new (await import('./fake')).Fake();
  else transport = isTauri() ? new Tauri() : new Http();
}

/** Asks the engine. Throws a `Refusal`. */
export async function call<N extends Name>(name: N, input: Input<N>): Promise<Output<N>> {
  try {
    return await transport.call(name, input);
  } catch (thrown) {
    const refusal = Refusal.of(thrown);
    if (refusal.kind === 'unknown' && !name.startsWith('session.')) losses.forEach((tell) => tell());
    throw refusal;
  }
}

/** Begins to hear of changes; again after each sign-in. */
export function hear(): void {
  stop?.();
  stop = transport.events((change) => ears.forEach((ear) => ear(change)));
}

export function hush(): void {
  stop?.();
  stop = null;
}

/** Hears of changes of these kinds, of many at once as of one; the function that comes back ends it. */
export function on(whats: readonly ChangedKind[], heard: (change: Changed) => void): () => void {
  let quiet: ReturnType<typeof setTimeout> | null = null;
  let missed: Changed | null = null;
  const tell = (change: Changed) => {
    heard(change);
    quiet = setTimeout(() => {
      quiet = null;
      const last = missed;
      missed = null;
      if (last) tell(last);
    }, QUIET_MS);
  };
  const ear = (change: Changed) => {
    if (change.what !== 'all' && !whats.includes(change.what)) return;
    if (quiet === null) tell(change);
    else missed = change;
  };
  ears.add(ear);
  return () => {
    ears.delete(ear);
    if (quiet !== null) clearTimeout(quiet);
  };
}

/** Is told when the session ended. */
export function onLost(tell: () => void): () => void {
  losses.add(tell);
  return () => void losses.delete(tell);
}

export const save = (url: string, name: string): Promise<void> => transport.save(url, name);
export const frame = (url: string): string => transport.frame(url);
export const text = (url: string, limit: number): Promise<string> => transport.text(url, limit);
export const isApp = (): boolean => transport.app;
