import { Refusal } from '$lib/api';

/** A form's state: whether it is under way, and what was wrong. */
export class Form {
  busy = $state(false);
  error = $state.raw<Refusal | null>(null);

  /** What is wrong with a field, as the engine said. */
  at(field: string): string | null {
    const words = this.error?.fields[field];
    if (!this.error || words === undefined) return null;
    // Of one field the whole sentence tells; of several each its part of it.
    if (Object.keys(this.error.fields).length === 1) return this.error.message;
    return words.charAt(0).toUpperCase() + words.slice(1);
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
