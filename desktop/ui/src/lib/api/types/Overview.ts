import type { Counts } from './Counts';
import type { Day } from './Day';
import type { FirstStep } from './FirstStep';
import type { ProblemShown } from './ProblemShown';
import type { Queue } from './Queue';

export interface Overview {
  /** Since midnight in UTC. */
  today: Counts;
  /** The oldest first, today last; a day without any is there too. */
  series: Array<Day>;
  queue: Queue;
  /** The worst first. */
  problems: Array<ProblemShown>;
  first_steps: Array<FirstStep>;
}
