export interface MailboxPassword {
  address: string;
  /** Null: one is made, and shown once. */
  password: string | null;
}
