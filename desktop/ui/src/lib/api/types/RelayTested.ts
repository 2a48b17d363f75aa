import type { Stage } from './Stage';

export interface RelayTested {
  ok: boolean;
  /** What went wrong, in words. */
  fault: string | null;
  stage: Stage | null;
  /** In words; null where there was none. */
  tls: string | null;
  conversation: Array<string>;
}
