/**
 * What goes over the wire, until the server's generated types stand here: times are RFC 3339
 * in UTC, what is absent is null, sizes are in bytes.
 */
export type Role = 'reader' | 'member' | 'owner';
export type Mode = 'capture' | 'hold' | 'allow-list' | 'live';
export type State =
  | 'queued' | 'sending' | 'deferred' | 'held' | 'delivered' | 'complained' | 'bounced'
  | 'suppressed' | 'burned' | 'canceled';
export type Severity = 'error' | 'warning';
export type Verdict = 'right' | 'missing' | 'wrong' | 'unknown';

export interface Page<T> { rows: T[]; next: string | null; total: number | null }
export interface Rows<T> { rows: T[] }
export interface PageInput { before: string | null; limit: number | null }
export type Nothing = Record<string, never>;

export interface Session {
  user: { name: string; role: Role } | null;
  organization: { id: number; name: string } | null;
  csrf: string | null;
  version: string;
  kind: 'server' | 'desktop';
  /** No owner has a password yet: the one-time link makes the first. */
  welcome: boolean;
}

export interface Day { day: string; sent: number; delivered: number; bounced: number; received: number }
export interface Target { view: string; id: string | null }
export interface Problem { kind: string; severity: Severity; text: string; target: Target | null }
export interface FirstStep { step: 'domain' | 'records' | 'key' | 'mailbox' | 'send'; done: boolean }
export interface Overview {
  today: Omit<Day, 'day'>;
  series: Day[];
  queue: { waiting: number; held: number; unknown: number; oldest_at: string | null };
  problems: Problem[];
  first_steps: FirstStep[];
}

export interface EmailRow {
  id: string; at: string; from: string; to: string[]; subject: string | null; status: State; tags: string[];
}
export interface Attempt {
  number: number; at: string; route: string; host: string | null; outcome: string | null;
  answer: string | null; tls: string | null; steps: { at: string; text: string }[]; conversation: string[];
}
export interface Delivery {
  id: number; recipient: string; field: 'to' | 'cc' | 'bcc'; state: State; next_at: string | null;
  answer: string | null; attempts: Attempt[];
}
export interface EmailEvent { at: string; kind: string; recipient: string | null; text: string }
export interface EmailDetail extends EmailRow {
  message_id: string; cc: string[]; mode: Mode; key: string | null; domain: string | null;
  send_at: string | null; deliveries: Delivery[]; events: EmailEvent[];
  text: string | null; has_html: boolean; raw_url: string;
}
/** Why an email did not arrive, a paragraph a recipient, as the command line tells it. */
export interface WhyRecipient {
  recipient: string; state: State; standing: string; meaning: string | null; code: string | null;
  said_by: string | null; next_step: string | null; sources: string[];
}
export interface Why { recipients: WhyRecipient[] }
export interface SendInput {
  from: string; to: string[]; cc: string[]; bcc: string[]; subject: string; text: string;
  html: string | null; test: boolean;
}

export interface MessageRow {
  id: number; mailbox: string; from: string; subject: string | null; at: string; size_bytes: number;
  seen: boolean; starred: boolean; folder: string; attachments: number;
}
export interface AttachmentInfo { name: string; type: string; size_bytes: number; url: string }
export interface MessageDetail extends MessageRow {
  to: string[]; headers: { name: string; value: string }[]; text: string | null; html_url: string | null;
  attachments_list: AttachmentInfo[]; links: string[];
  verdicts: { spf: string | null; dkim: string | null; dmarc: string | null; arc: string | null };
  raw_url: string; source: string | null;
}
export interface Folder { name: string; role: string | null; messages: number; unread: number }

export interface DomainRow {
  host: string; verified: boolean; sending: boolean; problems: number; created_at: string;
}
export interface DnsRecord {
  purpose: string; name: string; type: string; expected: string; found: string[]; verdict: Verdict;
  why: string | null; required: boolean; checked_at: string | null;
}
export interface DomainDetail extends DomainRow {
  records: DnsRecord[]; tracking: boolean; unsubscribe: boolean; receives: 'any' | 'known' | 'nothing';
  dmarc: 'enforce' | 'flag' | 'ignore'; tls: 'opportunistic' | 'required'; catch_all: string | null;
  mail_from: string | null; zone_url: string;
}
export interface ClientSetting {
  protocol: 'imap' | 'pop3' | 'submission'; host: string; port: number; security: string; user: string;
}
export interface ClientSettings { rows: ClientSetting[]; autoconfig_url: string | null; profile_url: string | null }

export interface KeyShape {
  name: string; about: string; scopes: { name: string; about: string }[]; default_scopes: string[];
  bound_to: 'domain' | 'organization' | 'user'; test: boolean;
}
export interface KeyRow {
  id: number; name: string | null; shape: string; prefix: string; mode: Mode; scopes: string[];
  bound_to: string | null; expires_at: string | null; last_used_at: string | null;
  revoked_at: string | null; created_at: string;
}
export interface KeyMake {
  shape: string; name: string | null; domain: string | null; user: string | null; scopes: string[];
  mode: Mode; expires_at: string | null; test: boolean;
}
export interface KeyMade { id: number; token: string; curl: string | null }

export interface MailboxRow {
  address: string; kind: string; name: string; quota_bytes: number | null; used_bytes: number;
  messages: number; unread: number; suspended: boolean; removed_at: string | null; has_password: boolean;
}
export interface MailboxDetail extends MailboxRow { keep_sent: boolean; folders: Folder[] }
export interface MailboxMade { address: string; password: string | null }
export interface ManyResult { address: string; outcome: string; password: string | null }

export interface AddressRow {
  address: string; owner: string | null; info: string; forward: string | null; webhook: string | null;
  slack: string | null; catch_all: boolean; created_at: string | null;
}
export interface WebhookForm { name: string; about: string; events: string[]; bound_to_domain: boolean; secret: boolean }
export interface WebhookRow {
  id: number; url: string; form: string; domain: string | null; events: string[]; on: boolean;
  stopped_because: string | null; failing: number; created_at: string;
}
export interface WebhookDelivery {
  id: number; event: string; state: 'pending' | 'delivered' | 'failed'; attempts: number;
  next_at: string | null; last_status: number | null; last_error: string | null; at: string;
  payload: string | null;
}
export interface TemplateRow { name: string; published: boolean; version: number; updated_at: string }
export interface TemplateSource { subject: string | null; html: string | null; text: string | null }
export interface TemplateDetail extends TemplateRow, TemplateSource { variables: string[] }
export interface TemplateProblem { file: string; line: number; column: number; text: string }
export interface TemplatePreview {
  subject: string | null; html: string | null; text: string | null; problems: TemplateProblem[];
}
export interface SuppressionRow {
  id: number; address: string; domain: string | null; reason: 'bounce' | 'complaint' | 'unsubscribe' | 'manual';
  detail: string | null; created_at: string;
}
export interface ImportResult { added: number; known: number; refused: { line: number; why: string }[] }
export interface RelayRow {
  id: number; name: string; host: string; port: number; security: 'plain' | 'starttls' | 'tls';
  user: string | null; default: boolean; hourly: number | null; daily: number | null;
  this_hour: number; today: number; sender: string | null;
}
export interface RelayInput {
  name: string; host: string; port: number; security: 'plain' | 'starttls' | 'tls'; user: string | null;
  password: string | null; hourly: number | null; daily: number | null; sender: string | null;
}
export interface RelayTest { ok: boolean; text: string; tls: string | null; conversation: string[]; next_step: string | null }
export interface ListenerRow {
  kind: string; address: string | null; security: string; on: boolean; line: string | null; about: string;
}
export interface UserRow { id: number; name: string; role: Role; has_password: boolean; last_seen_at: string | null; created_at: string }
export interface AuditRow { id: number; at: string; user: string; command: string; target: string | null; outcome: string; address: string | null }
export interface Settings {
  organization: string; direct: boolean; capture_private: boolean; metering: boolean;
  keep: { days: number | null; messages: number | null; bytes: number | null };
  host: string; public_url: string | null; database: string; database_bytes: number; backup_url: string;
}
export interface Connection { id: string; name: string; url: string | null; active: boolean }
export interface BackupMade { file: string; size_bytes: number; at: string }
export interface SearchAll {
  emails: EmailRow[]; messages: MessageRow[]; domains: DomainRow[]; mailboxes: MailboxRow[];
}
export interface Change { what: string; id: string | number | null }
