import type { MailboxResult } from './MailboxResult';

export interface MailboxesMade {
  /** In the order of the lines. */
  results: Array<MailboxResult>;
}
