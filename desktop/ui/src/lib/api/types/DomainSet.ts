// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { DmarcRule } from "./DmarcRule";
import type { Receives } from "./Receives";
import type { Switch } from "./Switch";
import type { TlsPolicy } from "./TlsPolicy";

/**
 * `domain.set`: null leaves.
 */
export type DomainSet = { 
/**
 * Which.
 */
host: string, 
/**
 * Empty takes it away.
 */
name: string | null, tls: TlsPolicy | null, tracking: Switch | null, unsubscribe: Switch | null, receives: Receives | null, dmarc: DmarcRule | null, 
/**
 * An address at it; empty: nobody's.
 */
catch_all: string | null, };
