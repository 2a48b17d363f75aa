export interface OverviewAsked {
  /** How many days back; 14 unless said, 90 at most. */
  days: number | null;
}
