import type { DmarcRule } from './DmarcRule';
import type { Receives } from './Receives';
import type { RecordShown } from './RecordShown';
import type { Switch } from './Switch';
import type { TlsPolicy } from './TlsPolicy';

export interface DomainShown {
  host: string;
  id: number;
  uuid: string;
  name: string | null;
  verified: boolean;
  sending: boolean;
  problems: number;
  verified_at: string | null;
  created_at: string;
  tls: TlsPolicy;
  tracking: Switch;
  unsubscribe: Switch;
  receives: Receives;
  dmarc: DmarcRule;
  /** The address that gets the mail of those that nobody made. */
  catch_all: string | null;
  mailbox_limit: number | null;
  records: Array<RecordShown>;
  /** The records as a zone file. */
  zone_url: string;
}
