export interface MailboxMake {
  address: string;
  name: string;
  /** Null: anything. */
  quota_bytes: number | null;
  /** Null: one is made, and shown once. */
  password: string | null;
}
