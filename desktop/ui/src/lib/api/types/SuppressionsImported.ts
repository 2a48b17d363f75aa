export interface SuppressionsImported {
  rows: number;
  added: number;
  already: number;
  /** Bounces of addresses that bounces may not suppress. */
  spared: number;
  bad: number;
  /** The first of the bad ones, in words. */
  faults: Array<string>;
  /** Why the rest was not read. */
  stopped: string | null;
}
