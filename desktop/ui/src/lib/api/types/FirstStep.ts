import type { FirstStepKind } from './FirstStepKind';

export interface FirstStep {
  step: FirstStepKind;
  done: boolean;
}
