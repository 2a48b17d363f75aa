export type SuppressionReason = 'bounce' | 'complaint' | 'unsubscribe' | 'manual';
