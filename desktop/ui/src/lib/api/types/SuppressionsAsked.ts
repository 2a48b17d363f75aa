export interface SuppressionsAsked {
  before: string | null;
  /** 50 unless said, 200 at most. */
  limit: number | null;
  /** In the address. */
  search: string | null;
  /** Only one domain's list, by host; null: all. */
  domain: string | null;
}
