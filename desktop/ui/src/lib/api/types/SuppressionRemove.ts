export interface SuppressionRemove {
  address: string;
  /** From whose list; null: the organization's. */
  domain: string | null;
}
