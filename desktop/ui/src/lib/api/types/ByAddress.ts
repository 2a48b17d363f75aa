export interface ByAddress {
  /** The address. */
  address: string;
}
