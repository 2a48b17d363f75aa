import { call, hear, hush, onLost, type Role, type SessionShown } from '$lib/api';

const RANK: Record<Role, number> = { reader: 0, member: 1, owner: 2 };

/** Who is here, and what they may do. */
class Here {
  session = $state.raw<SessionShown | null>(null);

  constructor() {
    onLost(() => {
      if (this.session?.user) this.#take({ ...this.session, user: null });
    });
  }

  #take(session: SessionShown): void {
    const was = this.session?.user ?? null;
    this.session = session;
    if (session.user && !was) hear();
    if (!session.user) hush();
  }

  async look(): Promise<void> {
    this.#take(await call('session.show', {}));
  }

  async signIn(name: string, password: string): Promise<void> {
    this.#take(await call('session.sign_in', { name, password }));
  }

  async welcome(token: string, name: string | null, password: string): Promise<void> {
    this.#take(await call('session.welcome', { token, name, password }));
  }

  async signOut(): Promise<void> {
    this.#take(await call('session.sign_out', {}));
  }

  may(role: Role): boolean {
    return RANK[this.session?.user?.role ?? 'reader'] >= RANK[role];
  }

  get isDesktop(): boolean {
    return this.session?.kind === 'desktop';
  }
}

export const here = new Here();
