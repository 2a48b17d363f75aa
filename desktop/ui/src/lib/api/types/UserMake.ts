import type { Role } from './Role';

export interface UserMake {
  name: string;
  role: Role;
}
