export interface SuppressionImport {
  /** Columns address, reason, domain, detail and created_at in any order. */
  csv: string;
  /** Only told what would be. */
  rehearse: boolean;
}
