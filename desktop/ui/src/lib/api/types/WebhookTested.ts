export interface WebhookTested {
  ok: boolean;
  /** Null where there was no answer. */
  status: number | null;
  error: string | null;
}
