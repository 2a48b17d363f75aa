export interface MailboxMade {
  address: string;
  /** Only where it was made here; shown once. */
  password: string | null;
}
