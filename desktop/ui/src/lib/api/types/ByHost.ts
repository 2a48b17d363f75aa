export interface ByHost {
  /** The host name. */
  host: string;
}
