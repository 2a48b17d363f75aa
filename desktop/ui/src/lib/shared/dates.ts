/** Moments in the reader's own zone and language. */
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const seconds = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const short = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const long = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const dayOnly = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export const exact = (at: string): string => full.format(new Date(at));
export const dated = (at: string): string => long.format(new Date(at));
export const timed = (at: string): string => seconds.format(new Date(at));
/** A day of a chart, which is a UTC day. */
export const day = (at: string): string => dayOnly.format(new Date(`${at}T00:00:00Z`));

/** As short as it can be: the time today, the day this year, else the date. */
export function brief(at: string, now: Date = new Date()): string {
  const then = new Date(at);
  if (then.toDateString() === now.toDateString()) return clock.format(then);
  return then.getFullYear() === now.getFullYear() ? short.format(then) : long.format(then);
}

/** Such as "3 hours ago" or "in 2 days". */
export function ago(at: string, now: Date = new Date()): string {
  const distance = (new Date(at).getTime() - now.getTime()) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(distance) >= size) return relative.format(Math.trunc(distance / size), unit);
  }
  return relative.format(0, 'second');
}
