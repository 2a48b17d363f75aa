export interface SuppressionAdded {
  /** It was not on the list already. */
  added: boolean;
}
