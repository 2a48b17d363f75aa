export interface DomainRow {
  host: string;
  name: string | null;
  verified: boolean;
  /** Mail may leave in its name. */
  sending: boolean;
  /** Records that are not as they should be. */
  problems: number;
  created_at: string;
}
