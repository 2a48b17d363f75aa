export interface Day {
  /** Such as `2026-03-09`. */
  day: string;
  sent: number;
  delivered: number;
  bounced: number;
  received: number;
}
