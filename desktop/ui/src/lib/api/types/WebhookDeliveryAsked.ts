export interface WebhookDeliveryAsked {
  /** The delivery's number. */
  delivery: number;
}
