import type { Role } from '$lib/api';

export const ROLES: Role[] = ['reader', 'member', 'owner'];
