import type { MailboxKind } from './MailboxKind';

export interface MailboxRow {
  address: string;
  kind: MailboxKind;
  name: string;
  /** Null: anything. */
  quota_bytes: number | null;
  used_bytes: number;
  messages: number;
  unread: number;
  suspended: boolean;
  removed_at: string | null;
  has_password: boolean;
  created_at: string;
}
