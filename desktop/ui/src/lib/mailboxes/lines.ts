import type { MailboxMake, MailboxResult } from '$lib/api';
import { bytes } from '$lib/shared/amounts';

export interface Parsed {
  lines: MailboxMake[];
  /** The numbers of lines that begin with no address. */
  bad: number[];
}

export const isAddress = (text: string): boolean => /^[^\s@,<>]+@[^\s@,<>]+\.[^\s@,<>]+$/.test(text);

/** Reads `address, name, quota` a line; a head and empty lines are passed over. */
export function parse(text: string): Parsed {
  const parsed: Parsed = { lines: [], bad: [] };
  text.split(/\r?\n/).forEach((line, index) => {
    const [address = '', name = '', quota = ''] = line
      .split(/[,;\t]/)
      .map((cell) => cell.trim().replace(/^"|"$/g, ''));
    if (line.trim() === '' || (index === 0 && /^(e-?mail|address)$/i.test(address))) return;
    if (isAddress(address))
      parsed.lines.push({ address, name, quota_bytes: quota === '' ? null : bytes(quota), password: null });
    else parsed.bad.push(index + 1);
  });
  return parsed;
}

/** A cell that a spreadsheet takes for text, whatever is in it. */
const cell = (text: string): string =>
  `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

/** What was made, with passwords, as CSV. */
export function csv(results: MailboxResult[]): string {
  const made = results.filter((one) => one.password !== null);
  return ['address,password', ...made.map((one) => `${cell(one.address)},${cell(one.password ?? '')}`)].join(
    '\n',
  );
}
