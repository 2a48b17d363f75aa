import { convertFileSrc, invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { Refusal, type Input, type Name, type Output, type Transport } from './transport';
import type { Changed } from './types';

/** The desktop: the same commands, in this process. */
export class Tauri implements Transport {
  readonly app = true;

  async call<N extends Name>(name: N, input: Input<N>): Promise<Output<N>> {
    try {
      return await invoke<Output<N>>('call', { name, input });
    } catch (thrown) {
      throw Refusal.of(thrown);
    }
  }

  events(heard: (change: Changed) => void): () => void {
    const listening = listen<Changed>('change', (event) => heard(event.payload));
    return () => void listening.then((stop) => stop());
  }

  /** The shell asks where to put it. */
  async save(url: string, name: string): Promise<void> {
    await this.call('file.save', { path: url, name });
  }

  /** The shell serves them under a scheme of their own, which each platform writes its own way. */
  frame(url: string): string {
    return convertFileSrc('', 'mail').replace(/\/$/, '') + url;
  }

  async text(url: string, limit: number): Promise<string> {
    return (await this.call('file.text', { path: url, limit })).text;
  }
}
