export interface RelaySet {
  id: number;
  /** 0 lifts the limit. */
  hourly: number | null;
  /** 0 lifts the limit. */
  daily: number | null;
  /** Empty takes it away. */
  sender: string | null;
}
