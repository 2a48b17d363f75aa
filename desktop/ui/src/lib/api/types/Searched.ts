export interface Searched {
  /** Where the page before it ended: its `next`. */
  before: string | null;
  /** How many rows; 50 unless said, 200 at most. */
  limit: number | null;
  /** The text. */
  search: string | null;
}
