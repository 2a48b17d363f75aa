import type { Security } from './Security';

export interface RelayRow {
  id: number;
  name: string;
  host: string;
  port: number;
  security: Security;
  user: string | null;
  /** Tried first. */
  first: boolean;
  hourly: number | null;
  daily: number | null;
  /** Counted where there is a limit. */
  this_hour: number;
  today: number;
  sender: string | null;
  created_at: string;
}
