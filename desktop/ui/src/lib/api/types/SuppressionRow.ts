import type { SuppressionReason } from './SuppressionReason';

export interface SuppressionRow {
  id: number;
  address: string;
  reason: SuppressionReason;
  detail: string | null;
  domain: string | null;
  created_at: string;
}
