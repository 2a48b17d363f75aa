import { Refusal } from '$lib/api';

/** A form's state: whether it is under way, and what was wrong. */
export class Form {
  busy = $state(false);
  error = $state.raw<Refusal | null>(null);

  /** What is wrong with a field, as the engine said. */
  at(field: string): string | null {
    return this.error?.fields[field] ?? null;
  }

  /** The words for the whole form: what no field of `shown` says already. */
  rest(...shown: string[]): Refusal | null {
    return this.error && !shown.some((field) => this.error?.fields[field]) ? this.error : null;
  }

  /** Does it; null when it was refused. */
  async run<T>(doing: () => Promise<T>): Promise<T | null> {
    this.busy = true;
    this.error = null;
    try {
      return await doing();
    } catch (thrown) {
      this.error = Refusal.of(thrown);
      return null;
    } finally {
      this.busy = false;
    }
  }
}
