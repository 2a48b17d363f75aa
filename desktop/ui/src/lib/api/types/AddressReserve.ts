export interface AddressReserve {
  address: string;
  /** A person's words about it. */
  info: string | null;
}
