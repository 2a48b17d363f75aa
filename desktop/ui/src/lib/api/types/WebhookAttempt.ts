export interface WebhookAttempt {
  at: string;
  /** Null where there was no answer. */
  status: number | null;
  error: string | null;
}
