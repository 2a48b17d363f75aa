export interface Counts {
  /** Accepted to be sent. */
  sent: number;
  delivered: number;
  bounced: number;
  received: number;
}
