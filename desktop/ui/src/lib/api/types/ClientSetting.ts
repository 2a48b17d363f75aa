import type { ClientProtocol } from './ClientProtocol';
import type { Security } from './Security';

export interface ClientSetting {
  protocol: ClientProtocol;
  host: string;
  port: number;
  security: Security;
  user: string;
}
