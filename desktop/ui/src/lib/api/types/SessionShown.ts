import type { Kind } from './Kind';
import type { SessionOrganization } from './SessionOrganization';
import type { SessionUser } from './SessionUser';

export interface SessionShown {
  /** Null where nobody is signed in. */
  user: SessionUser | null;
  /** Null where nobody is signed in. */
  organization: SessionOrganization | null;
  /** To be sent as `X-CSRF-Token`; null where nobody is signed in. */
  csrf: string | null;
  /** Of Posthouse. */
  version: string;
  kind: Kind;
  /** Nobody has a password yet: the link that the start printed is the way in. */
  welcome: boolean;
}
