// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { DmarcRule } from "./DmarcRule";
import type { Receives } from "./Receives";
import type { RecordShown } from "./RecordShown";
import type { Switch } from "./Switch";
import type { TlsPolicy } from "./TlsPolicy";

/**
 * `domain.show`, `domain.add`, `domain.check`, `domain.set`
 */
export type DomainShown = { host: string, id: number, uuid: string, name: string | null, verified: boolean, sending: boolean, problems: number, verified_at: string | null, created_at: string, tls: TlsPolicy, tracking: Switch, unsubscribe: Switch, receives: Receives, dmarc: DmarcRule, 
/**
 * The address that gets the mail of those that nobody made.
 */
catch_all: string | null, mailbox_limit: number | null, records: Array<RecordShown>, 
/**
 * The records as a zone file.
 */
zone_url: string, };
