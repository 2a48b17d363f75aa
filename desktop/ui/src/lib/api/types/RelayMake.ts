import type { Security } from './Security';

export interface RelayMake {
  name: string;
  host: string;
  port: number;
  security: Security;
  user: string | null;
  password: string | null;
  /** What it takes in an hour, in a day; null: anything. */
  hourly: number | null;
  daily: number | null;
  /** The sender of mail that names none. */
  sender: string | null;
}
