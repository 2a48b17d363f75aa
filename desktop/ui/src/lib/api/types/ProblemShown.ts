import type { ProblemKind } from './ProblemKind';
import type { Severity } from './Severity';
import type { Target } from './Target';

export interface ProblemShown {
  kind: ProblemKind;
  severity: Severity;
  /** In a sentence that says how to mend it. */
  text: string;
  target: Target;
}
