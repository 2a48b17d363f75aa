export interface SuppressionAdd {
  address: string;
  /** For one domain's mail, by host; null: the organization's. */
  domain: string | null;
  detail: string | null;
}
