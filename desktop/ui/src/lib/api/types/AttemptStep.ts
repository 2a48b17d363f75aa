import type { AttemptStepKind } from './AttemptStepKind';

export interface AttemptStep {
  step: AttemptStepKind;
  at: string;
}
