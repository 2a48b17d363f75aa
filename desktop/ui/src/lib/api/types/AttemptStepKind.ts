export type AttemptStepKind = 'planned' | 'connected' | 'data_sent' | 'settled';
