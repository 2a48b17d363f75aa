import type { Role } from './Role';

export interface SessionUser {
  /** Null in the desktop. */
  id: number | null;
  name: string;
  role: Role;
}
