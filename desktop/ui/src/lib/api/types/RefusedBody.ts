import type { Refused } from './Refused';

export interface RefusedBody {
  error: Refused;
}
