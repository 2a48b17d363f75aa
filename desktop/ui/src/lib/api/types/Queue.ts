export interface Queue {
  waiting: number;
  /** For a person. */
  held: number;
  /** Of these, those of which nobody knows whether they were sent. */
  unknown: number;
  /** Since when the oldest waits. */
  oldest_at: string | null;
}
