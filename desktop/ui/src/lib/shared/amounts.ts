const counted = new Intl.NumberFormat();
const one = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

export const count = (number: number): string => counted.format(number);

/** Bytes as people say them, in thousands. */
export function size(bytes: number): string {
  let left = bytes;
  let unit = 0;
  while (left >= 1000 && unit < UNITS.length - 1) {
    left /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? counted.format(left) : one.format(left)} ${UNITS[unit] ?? ''}`;
}

/** Reads `2 GB`, `500MB` or a plain number of bytes; null for what is none. */
export function bytes(text: string): number | null {
  const found = /^\s*([\d.]+)\s*(bytes|kb|mb|gb|tb|)\s*$/i.exec(text);
  if (!found) return null;
  const number = Number(found[1]);
  const power = Math.max(
    0,
    UNITS.findIndex((unit) => unit.toLowerCase() === found[2]?.toLowerCase()),
  );
  return Number.isFinite(number) ? Math.round(number * 1000 ** power) : null;
}
