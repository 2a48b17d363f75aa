import type { View } from './View';

export interface Target {
  view: View;
  /** A domain's host, a mailbox's address, an email's UUID, or a number. */
  id: string | null;
}
