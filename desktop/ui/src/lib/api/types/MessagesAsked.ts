import type { Folder } from './Folder';

export interface MessagesAsked {
  /** Only one mailbox's, by address. */
  mailbox: string | null;
  folder: Folder | null;
  before: string | null;
  /** 50 unless said, 200 at most. */
  limit: number | null;
  /** Only with this in subject, sender or recipients: of the newest 20,000. */
  search: string | null;
}
