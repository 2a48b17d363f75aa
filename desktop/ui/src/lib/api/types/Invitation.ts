import type { Role } from './Role';

export interface Invitation {
  /** Null: whoever takes it chooses. */
  name: string | null;
  role: Role;
  organization: string;
}
