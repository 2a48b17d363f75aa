/** The same numbers each time, so that two screenshots are alike. */
export function pick<T>(from: readonly T[], index: number): T {
  return from[((index * 2654435761) >>> 7) % from.length] as T;
}

export const NOW = new Date(Date.now() - (Date.now() % 60_000));
export const before = (minutes: number): string => new Date(NOW.getTime() - minutes * 60_000).toISOString();
export const after = (minutes: number): string => before(-minutes);

export const NAMES = [
  'Kim Doe',
  'Ann Berg',
  'José Álvarez',
  '渡辺 さくら',
  'Ola Nordmann',
  'Zoë Lambert',
  'Ibrahim Ɓello',
  'Мария Иванова',
];
export const SUBJECTS = [
  'Your order 9 is on its way',
  'Reset your password',
  'Invoice 2026-1142',
  'Welcome aboard',
  'Weekly summary',
  'Re: lunch on Friday?',
  'Your receipt from Acme',
  'Please confirm your address',
  'Meeting notes',
  'Two questions about the offer',
  'Grüße aus München 🎉',
  'Delivery delayed',
];
export const HOSTS = [
  'customer.example',
  'shop.example',
  'mail.example',
  'münchen.example',
  'partner.example',
];
export const LOCALS = ['kim', 'ann.berg', 'jose', 'sakura', 'ola', 'zoe', 'ibrahim', 'maria'];
export const address = (index: number): string =>
  `${pick(LOCALS, index)}${index % 7 === 0 ? index % 90 : ''}@${pick(HOSTS, index + 3)}`;

/** A page of `total` made-up rows, newest first. */
export function paged<T>(
  total: number,
  before: string | null,
  limit: number | null,
  row: (index: number) => T,
) {
  const start = before === null ? 0 : Number(before);
  const end = Math.min(total, start + (limit ?? 50));
  const rows = Array.from({ length: Math.max(0, end - start) }, (_, at) => row(start + at));
  return { rows, next: end < total ? String(end) : null, total };
}

/** A page of the rows that there are. */
export function listed<T>(all: readonly T[], before: string | null = null, limit: number | null = null) {
  return paged(all.length, before, limit, (index) => all[index] as T);
}

export const contains = (search: string | null, ...texts: (string | null)[]): boolean =>
  search === null || texts.some((text) => text?.toLowerCase().includes(search.toLowerCase()));
