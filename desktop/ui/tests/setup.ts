import { cleanup } from '@testing-library/svelte';
import { afterEach, vi } from 'vitest';
import { open } from '$lib/api';
import { Fake } from '$lib/api/fake';

/** jsdom lays nothing out: a list is told that it is so high. */
const HEIGHT = 600;
Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { configurable: true, get: () => HEIGHT });
Object.defineProperty(HTMLElement.prototype, 'offsetWidth', { configurable: true, get: () => 800 });
HTMLElement.prototype.scrollTo = vi.fn() as never;
globalThis.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

/** A fresh engine for a test. */
export async function engine(scene: ConstructorParameters<typeof Fake>[0] = 'full'): Promise<Fake> {
  const fake = new Fake(scene);
  await open(fake);
  return fake;
}

afterEach(cleanup);
