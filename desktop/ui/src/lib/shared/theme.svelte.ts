export type Choice = 'system' | 'light' | 'dark';
const KEY = 'posthouse-theme';

/** Light or dark: as the system is, or as the reader chose. */
class Theme {
  choice = $state<Choice>('system');
  #system = $state(false);

  constructor() {
    const kept = globalThis.localStorage?.getItem(KEY);
    if (kept === 'light' || kept === 'dark') this.choice = kept;
    const asked = globalThis.matchMedia?.('(prefers-color-scheme: dark)');
    this.#system = asked?.matches ?? false;
    asked?.addEventListener('change', (event) => {
      this.#system = event.matches;
      this.show();
    });
  }

  get dark(): boolean {
    return this.choice === 'dark' || (this.choice === 'system' && this.#system);
  }

  choose(choice: Choice): void {
    this.choice = choice;
    if (choice === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
    this.show();
  }

  show(): void {
    document.documentElement.classList.toggle('dark', this.dark);
  }
}

export const theme = new Theme();
