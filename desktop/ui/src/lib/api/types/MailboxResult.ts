import type { MadeOutcome } from './MadeOutcome';

export interface MailboxResult {
  address: string;
  outcome: MadeOutcome;
  /** What stood in the way. */
  text: string | null;
  /** Only where it was made here; shown once. */
  password: string | null;
}
