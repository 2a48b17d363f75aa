export interface WebhookDeliveriesAsked {
  id: number;
  before: string | null;
  /** 50 unless said, 200 at most. */
  limit: number | null;
}
