export interface EmailSent {
  /** The email's UUID. */
  id: string;
  message_id: string;
}
