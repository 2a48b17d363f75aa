export interface AddressRelease {
  address: string;
  /** Its mail goes too. */
  remove_mail: boolean;
}
