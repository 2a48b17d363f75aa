import type { Role } from './Role';

export interface UserRow {
  id: number;
  name: string;
  role: Role;
  has_password: boolean;
  /** When they were last here. */
  seen_at: string | null;
  created_at: string;
}
