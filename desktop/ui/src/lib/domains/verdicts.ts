import type { RecordShown, RecordVerdict } from '$lib/api';
import type { Tone } from '$lib/shared/tones';

/** How a record's verdict is coloured: what is merely recommended does not shout. */
export function tone(record: Pick<RecordShown, 'verdict' | 'required'>): Tone {
  const tones: Record<RecordVerdict, Tone> = {
    right: 'good',
    missing: record.required ? 'bad' : 'warn',
    wrong: record.required ? 'bad' : 'warn',
    unknown: 'plain',
  };
  return tones[record.verdict];
}

/** Whether it shows what is wrong with it without being asked. */
export const isOpen = (record: Pick<RecordShown, 'verdict'>): boolean => record.verdict !== 'right';
