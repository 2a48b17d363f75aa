export interface EmailDecided {
  /** How many recipients it was about. */
  recipients: number;
}
