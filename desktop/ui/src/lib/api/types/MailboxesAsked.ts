import type { MailboxKind } from './MailboxKind';

export interface MailboxesAsked {
  before: string | null;
  /** 50 unless said, 200 at most. */
  limit: number | null;
  /** In address or name. */
  search: string | null;
  /** Only people's; null: every address that keeps mail. */
  kind: MailboxKind | null;
}
