import type { Role } from './Role';

export interface UserSet {
  id: number;
  role: Role;
}
