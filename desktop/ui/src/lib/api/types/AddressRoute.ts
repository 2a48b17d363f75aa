import type { Switch } from './Switch';

export interface AddressRoute {
  address: string;
  info: string | null;
  /** Another address here that its mail goes to as well. */
  forward: string | null;
  socket: Switch | null;
  webhook_url: string | null;
  slack_url: string | null;
}
