import type { KeyState, Mode } from '$lib/api';
import type { Tone } from '$lib/shared/tones';

export const MODES: Mode[] = ['capture', 'hold', 'allow_list', 'live'];
/** Modes that only an owner gives: mail may leave. */
export const leaves = (mode: Mode): boolean => mode === 'live' || mode === 'allow_list';
export const tone: Record<Mode, Tone> = {
  capture: 'plain',
  hold: 'accent',
  allow_list: 'accent',
  live: 'good',
};
export const stateTone: Record<KeyState, Tone> = { valid: 'good', expired: 'warn', revoked: 'bad' };
