CREATE INDEX alias_by_address ON alias (address);

CREATE INDEX attempt_by_delivery ON attempt (delivery_id);

CREATE INDEX attempt_open ON attempt (id) WHERE state <> 'settled';

CREATE INDEX audit_by_organization ON audit (organization_id, id);

CREATE INDEX bounce_by_address ON bounce (organization_id, address);

CREATE INDEX bounce_by_organization ON bounce (organization_id, id);

CREATE INDEX delivery_by_body ON delivery (body_id) WHERE body_id IS NOT NULL;

CREATE INDEX delivery_by_email ON delivery (email_id);

CREATE INDEX delivery_due ON delivery (lane, next_at) WHERE next_at IS NOT NULL;

CREATE INDEX delivery_held ON delivery (id) WHERE state = 'held';

CREATE UNIQUE INDEX domain_by_host ON domain (host) WHERE removed_at IS NULL;

CREATE INDEX domain_by_organization ON domain (organization_id, created_at);

CREATE INDEX email_by_body ON email (body_id);

CREATE INDEX email_by_organization ON email (organization_id, id);

CREATE INDEX event_by_email ON event (email_id);

CREATE UNIQUE INDEX folder_role ON folder (mailbox_id, role) WHERE role IS NOT NULL;

CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE INDEX invitation_by_age ON invitation (expires_at);

CREATE INDEX invitation_by_user ON invitation (user_id);

CREATE INDEX key_by_domain ON key (domain_id, shape);

CREATE INDEX key_by_organization ON key (organization_id);

CREATE UNIQUE INDEX key_by_uuid ON key (uuid);

CREATE INDEX mailbox_by_domain ON mailbox (domain_id, id) WHERE domain_id IS NOT NULL;

CREATE INDEX mailbox_nearly_full ON mailbox (organization_id, id)
WHERE quota_bytes IS NOT NULL AND removed_at IS NULL AND bytes * 10 >= quota_bytes * 9;

CREATE INDEX mailbox_of_people ON mailbox (domain_id, id) WHERE kind = 'full';

CREATE INDEX mailbox_removed ON mailbox (removed_at) WHERE removed_at IS NOT NULL;

CREATE UNIQUE INDEX mailbox_reserved ON mailbox (address) WHERE kind IN ('reserved', 'full');

CREATE INDEX message_by_body ON message (body_id);

CREATE INDEX message_by_domain ON message (domain_id, received_at, id) WHERE domain_id IS NOT NULL;

CREATE INDEX message_by_email ON message (email_id) WHERE email_id IS NOT NULL;

CREATE INDEX message_by_mailbox ON message (mailbox_id, received_at, id);

CREATE INDEX message_by_modseq ON message (folder_id, modseq) WHERE folder_id IS NOT NULL;

CREATE INDEX message_by_organization ON message (organization_id, received_at, id);

CREATE UNIQUE INDEX message_by_uid ON message (folder_id, uid) WHERE folder_id IS NOT NULL;

CREATE INDEX message_deleted ON message (folder_id, uid) WHERE deleted = 1;

CREATE INDEX message_starred ON message (organization_id, received_at, id) WHERE starred_by IS NOT NULL;

CREATE UNIQUE INDEX organization_by_uuid ON organization (uuid);

CREATE UNIQUE INDEX relay_default ON relay (organization_id) WHERE is_default = 1;

CREATE INDEX session_by_age ON session (seen_at);

CREATE INDEX session_by_user ON session (user_id);

CREATE INDEX task_by_domain ON task (domain_id, kind, key_id, created_at);

CREATE INDEX task_finished ON task (finished_at) WHERE finished_at IS NOT NULL;

CREATE INDEX task_of_domains ON task (id) WHERE kind IN ('domain', 'sub-domains');

CREATE INDEX task_open ON task (id) WHERE finished_at IS NULL;

CREATE INDEX text_due ON text_index (body_id) WHERE state = 'due';

CREATE INDEX user_by_organization ON user (organization_id);

CREATE INDEX webhook_attempt_by_delivery ON webhook_attempt (webhook_delivery_id);

CREATE INDEX webhook_by_mailbox ON webhook (mailbox_id) WHERE mailbox_id IS NOT NULL;

CREATE UNIQUE INDEX webhook_by_uuid ON webhook (uuid);

CREATE INDEX webhook_delivery_by_event ON webhook_delivery (event_id);

CREATE INDEX webhook_delivery_by_webhook ON webhook_delivery (webhook_id, id);

CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, next_at) WHERE next_at IS NOT NULL;

CREATE TABLE alias (
  local TEXT PRIMARY KEY,
  address TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE allowed_address (
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  address TEXT NOT NULL,
  domain_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (organization_id, address, domain_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery_id INTEGER NOT NULL REFERENCES delivery (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'connected', 'data_sent', 'settled')),
  outcome TEXT CHECK (outcome IN ('sent', 'deferred', 'refused', 'not_sent', 'unknown')),
  route TEXT NOT NULL,
  relay_id INTEGER,
  peer TEXT,
  tls TEXT,
  reply_code INTEGER,
  reply_enhanced TEXT,
  reply_text TEXT,
  transcript BLOB,
  planned_at INTEGER NOT NULL,
  connected_at INTEGER,
  data_sent_at INTEGER,
  settled_at INTEGER
, dns TEXT, stage TEXT) STRICT;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  user_id INTEGER REFERENCES user (id),
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  target TEXT,
  detail TEXT,
  remote TEXT,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE body (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  size_bytes INTEGER NOT NULL,
  uses INTEGER NOT NULL CHECK (uses >= 0),
  content BLOB NOT NULL
) STRICT;

CREATE TABLE body_outline (
  body_id INTEGER PRIMARY KEY,
  sent_day INTEGER,
  structure BLOB,
  listed BLOB,
  head BLOB
) STRICT;

CREATE VIRTUAL TABLE body_text USING fts5 (
  grams, content = '', contentless_delete = 1, detail = 'none', tokenize = 'ascii'
);

CREATE TABLE 'body_text_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'body_text_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'body_text_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'body_text_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE bounce (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  address TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('hard', 'soft', 'complaint')),
  subtype TEXT,
  diagnostic TEXT,
  source TEXT NOT NULL CHECK (source IN ('smtp', 'api', 'simulated')),
  email_id INTEGER REFERENCES email (id),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE "delivery" (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email_id INTEGER NOT NULL REFERENCES email (id),
  body_id INTEGER REFERENCES body (id),
  address TEXT NOT NULL,
  address_key TEXT NOT NULL,
  lane TEXT NOT NULL,
  field TEXT NOT NULL CHECK (field IN ('to', 'cc', 'bcc')),
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'deferred', 'held', 'delivered',
    'complained', 'bounced', 'suppressed', 'burned', 'canceled')),
  held_because TEXT,
  bounced_by TEXT CHECK (bounced_by IN ('peer', 'us', 'report')),
  released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1)),
  route TEXT CHECK (route IN ('local', 'relay', 'direct', 'capture', 'simulated')),
  attempts INTEGER NOT NULL DEFAULT 0,
  relay_after INTEGER,
  next_at INTEGER,
  last_answer TEXT,
  sent_at INTEGER,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE dkim_key (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  domain_id INTEGER NOT NULL REFERENCES domain (id),
  selector TEXT NOT NULL,
  algorithm TEXT NOT NULL CHECK (algorithm IN ('rsa', 'ed25519')),
  public BLOB NOT NULL,
  private_sealed BLOB NOT NULL,
  verified INTEGER NOT NULL DEFAULT 0 CHECK (verified IN (0, 1)),
  created_at INTEGER NOT NULL,
  UNIQUE (domain_id, selector)
) STRICT;

CREATE TABLE "domain" (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid BLOB NOT NULL UNIQUE,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  host TEXT NOT NULL,
  name TEXT,
  mail_from TEXT,
  dkim_verified INTEGER NOT NULL DEFAULT 0 CHECK (dkim_verified IN (0, 1)),
  advanced_verified INTEGER NOT NULL DEFAULT 0 CHECK (advanced_verified IN (0, 1)),
  mail_from_verified INTEGER NOT NULL DEFAULT 0 CHECK (mail_from_verified IN (0, 1)),
  verified_at INTEGER,
  tls TEXT NOT NULL DEFAULT 'opportunistic' CHECK (tls IN ('opportunistic', 'required')),
  tracking INTEGER NOT NULL DEFAULT 0 CHECK (tracking IN (0, 1)),
  unsubscribe INTEGER NOT NULL DEFAULT 0 CHECK (unsubscribe IN (0, 1)),
  webhook_public BLOB NOT NULL,
  webhook_private_sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  removed_at INTEGER
, receives TEXT NOT NULL DEFAULT 'any' CHECK (receives IN ('any', 'known', 'nothing')), dmarc TEXT NOT NULL DEFAULT 'flag' CHECK (dmarc IN ('enforce', 'flag', 'ignore')), catch_all_id INTEGER REFERENCES mailbox (id), mailbox_limit INTEGER CHECK (mailbox_limit > 0)) STRICT;

CREATE TABLE domain_record (
  domain_id INTEGER NOT NULL REFERENCES domain (id),
  kind TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('match', 'mismatch', 'absent', 'unsure')),
  found TEXT NOT NULL,
  checked_at INTEGER NOT NULL,
  PRIMARY KEY (domain_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE "email" (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid BLOB NOT NULL UNIQUE,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  domain_id INTEGER REFERENCES domain (id),
  key_id INTEGER NOT NULL REFERENCES key (id),
  body_id INTEGER NOT NULL REFERENCES body (id),
  message_id TEXT NOT NULL,
  from_text TEXT NOT NULL,
  to_text TEXT NOT NULL,
  cc_text TEXT,
  bcc_text TEXT,
  reply_to_text TEXT,
  subject TEXT,
  list_unsubscribe TEXT,
  tags TEXT,
  metadata TEXT,
  send_at INTEGER,
  created_at INTEGER NOT NULL
, automatic INTEGER NOT NULL DEFAULT 0 CHECK (automatic IN (0, 1))) STRICT;

CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  domain_id INTEGER REFERENCES domain (id),
  email_id INTEGER REFERENCES email (id),
  delivery_id INTEGER REFERENCES delivery (id),
  kind TEXT NOT NULL,
  detail TEXT,
  at INTEGER NOT NULL
, route TEXT, relay TEXT, url TEXT, user_agent TEXT, ip TEXT, message_id INTEGER, mailbox_id INTEGER) STRICT;

CREATE TABLE folder (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox_id INTEGER NOT NULL REFERENCES mailbox (id),
  -- UTF-8, '/' between levels; the inbox is INBOX.
  name TEXT NOT NULL,
  role TEXT CHECK (role IN ('inbox', 'all', 'spam', 'trash', 'sent', 'drafts')),
  uid_next INTEGER NOT NULL DEFAULT 1,
  -- The highest modification sequence (RFC 7162).
  modseq INTEGER NOT NULL DEFAULT 1,
  subscribed INTEGER NOT NULL DEFAULT 1 CHECK (subscribed IN (0, 1)),
  messages INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  UNIQUE (mailbox_id, name)
) STRICT;

CREATE TABLE idempotency (
  key_id INTEGER NOT NULL REFERENCES key (id),
  token TEXT NOT NULL,
  email_id INTEGER NOT NULL REFERENCES email (id),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (key_id, token)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  user_id INTEGER REFERENCES user (id),
  hash BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE kept (
  organization_id INTEGER PRIMARY KEY,
  messages INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  starred INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;

CREATE TABLE key (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  user_id INTEGER REFERENCES user (id),
  domain_id INTEGER REFERENCES domain (id),
  shape TEXT NOT NULL,
  name TEXT,
  hash BLOB NOT NULL UNIQUE,
  prefix TEXT NOT NULL,
  token_sealed BLOB,
  scopes TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('capture', 'hold', 'allow-list', 'live')),
  rate_per_minute INTEGER CHECK (rate_per_minute > 0),
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER
, uuid BLOB) STRICT;

CREATE TABLE key_allow (
  key_id INTEGER NOT NULL REFERENCES key (id),
  pattern TEXT NOT NULL,
  PRIMARY KEY (key_id, pattern)
) STRICT, WITHOUT ROWID;

CREATE TABLE "mailbox" (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL,
  domain_id INTEGER REFERENCES domain (id),
  address TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('public', 'implicit', 'reserved', 'full')),
  info TEXT NOT NULL DEFAULT '',
  forward TEXT,
  socket INTEGER NOT NULL DEFAULT 0 CHECK (socket IN (0, 1)),
  quota_bytes INTEGER CHECK (quota_bytes > 0),
  messages INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, keep_days INTEGER CHECK (keep_days > 0), keep_messages INTEGER CHECK (keep_messages > 0), keep_bytes INTEGER CHECK (keep_bytes > 0), name TEXT NOT NULL DEFAULT '', password_hash TEXT, keep_sent INTEGER NOT NULL DEFAULT 0 CHECK (keep_sent IN (0, 1)), suspended_at INTEGER, removed_at INTEGER,
  UNIQUE (organization_id, address)
) STRICT;

CREATE TABLE "message" (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox_id INTEGER NOT NULL REFERENCES mailbox (id),
  -- Whose it is: the mailbox's owner, or who starred it in a mailbox that is nobody's.
  organization_id INTEGER NOT NULL,
  domain_id INTEGER,
  body_id INTEGER NOT NULL REFERENCES body (id),
  email_id INTEGER REFERENCES email (id),
  delivery_id INTEGER REFERENCES delivery (id),
  -- Its place among the recipients that it came for.
  place INTEGER NOT NULL DEFAULT 0,
  -- The recipient as it was written on the envelope, where that differs from the mailbox.
  original TEXT,
  folder TEXT NOT NULL DEFAULT 'inbox',
  seen INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1)),
  starred_by TEXT,
  labels TEXT,
  from_text TEXT NOT NULL,
  to_text TEXT,
  subject TEXT,
  -- What its header and parts say, as JSON.
  content TEXT,
  -- How it came, as JSON; null where it came by no wire.
  trace TEXT,
  size_bytes INTEGER NOT NULL,
  received_at INTEGER NOT NULL
, folder_id INTEGER REFERENCES folder (id), uid INTEGER, modseq INTEGER, answered INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1)), deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)), draft INTEGER NOT NULL DEFAULT 0 CHECK (draft IN (0, 1))) STRICT;

CREATE TABLE organization (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  active_plan INTEGER NOT NULL DEFAULT 1 CHECK (active_plan IN (0, 1)),
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  direct_delivery INTEGER NOT NULL DEFAULT 0 CHECK (direct_delivery IN (0, 1)),
  created_at INTEGER NOT NULL
, uuid BLOB, metering INTEGER NOT NULL DEFAULT 0 CHECK (metering IN (0, 1)), payment_method INTEGER NOT NULL DEFAULT 1 CHECK (payment_method IN (0, 1)), spend_cap_cents INTEGER CHECK (spend_cap_cents >= 0), enum_style TEXT NOT NULL DEFAULT 'string' CHECK (enum_style IN ('string', 'integer')), signature_format TEXT NOT NULL DEFAULT 'plain' CHECK (signature_format IN ('plain', 'timestamped')), keep_days INTEGER CHECK (keep_days > 0), keep_messages INTEGER CHECK (keep_messages > 0), keep_bytes INTEGER CHECK (keep_bytes > 0), capture_private INTEGER NOT NULL DEFAULT 0 CHECK (capture_private IN (0, 1))) STRICT;

CREATE TABLE period (
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  month INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  PRIMARY KEY (organization_id, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE relay (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,
  host TEXT NOT NULL,
  port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
  security TEXT NOT NULL CHECK (security IN ('plain', 'starttls', 'tls')),
  user TEXT,
  password_sealed BLOB,
  is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
  created_at INTEGER NOT NULL, position INTEGER NOT NULL DEFAULT 0, hourly_limit INTEGER CHECK (hourly_limit > 0), daily_limit INTEGER CHECK (daily_limit > 0), sender_email TEXT, sender_name TEXT,
  UNIQUE (organization_id, name)
) STRICT;

CREATE TABLE relay_use (
  relay_id INTEGER NOT NULL REFERENCES relay (id) ON DELETE CASCADE,
  span TEXT NOT NULL CHECK (span IN ('hour', 'day')),
  starts_at INTEGER NOT NULL,
  used INTEGER NOT NULL CHECK (used >= 0),
  PRIMARY KEY (relay_id, span, starts_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES user (id),
  hash BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE subscription (
  mailbox_id INTEGER NOT NULL REFERENCES mailbox (id),
  name TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE suppression (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  domain_id INTEGER NOT NULL,
  address TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('bounce', 'complaint', 'unsubscribe', 'manual')),
  detail TEXT,
  email_id INTEGER,
  created_at INTEGER NOT NULL,
  UNIQUE (organization_id, address, domain_id)
) STRICT;

CREATE TABLE tally (
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (organization_id, day, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE task (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  -- Who may read it; null: the operator.
  key_id INTEGER REFERENCES key (id),
  kind TEXT NOT NULL CHECK (kind IN ('domain', 'sub-domains', 'mailbox', 'mailboxes')),
  domain_id INTEGER NOT NULL REFERENCES domain (id),
  -- The domain's host when it was asked for.
  host TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'processing', 'completed', 'failed')),
  -- What its mailboxes are given; the password only until they are made.
  name TEXT NOT NULL DEFAULT '',
  quota_bytes INTEGER CHECK (quota_bytes > 0),
  password_hash TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;

CREATE TABLE task_item (
  task_id INTEGER NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  wanted TEXT NOT NULL,
  outcome TEXT CHECK (outcome IN ('created', 'exists', 'malformed', 'full', 'gone', 'fault')),
  PRIMARY KEY (task_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE template (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid BLOB NOT NULL UNIQUE,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,
  subject TEXT,
  html TEXT,
  text TEXT,
  published INTEGER NOT NULL DEFAULT 0 CHECK (published IN (0, 1)),
  version INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (organization_id, name)
) STRICT;

CREATE TABLE template_version (
  template_id INTEGER NOT NULL REFERENCES template (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  subject TEXT,
  html TEXT,
  text TEXT,
  published_at INTEGER NOT NULL,
  PRIMARY KEY (template_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE text_index (
  body_id INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('due', 'whole', 'part'))
) STRICT;

CREATE TABLE user (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('owner', 'member', 'reader')),
  password_hash TEXT,
  created_at INTEGER NOT NULL
, seen_at INTEGER, removed_at INTEGER) STRICT;

CREATE TABLE vanished (
  folder_id INTEGER NOT NULL,
  modseq INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  PRIMARY KEY (folder_id, modseq)
) STRICT, WITHOUT ROWID;

CREATE TABLE vault (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  proof BLOB NOT NULL,
  asked_at INTEGER
) STRICT;

CREATE TABLE webhook (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  domain_id INTEGER REFERENCES domain (id),
  form TEXT NOT NULL,
  url_sealed BLOB NOT NULL,
  url_shown TEXT NOT NULL,
  kinds TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  stopped_because TEXT,
  cursor INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
, uuid BLOB, secret_sealed BLOB, secret_hint TEXT, words TEXT, mailbox_id INTEGER REFERENCES mailbox (id) ON DELETE CASCADE) STRICT;

CREATE TABLE webhook_attempt (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  webhook_delivery_id INTEGER NOT NULL REFERENCES webhook_delivery (id) ON DELETE CASCADE,
  status INTEGER,
  answer TEXT,
  took_ms INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE webhook_delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  webhook_id INTEGER NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
  event_id INTEGER NOT NULL REFERENCES event (id),
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER,
  headers TEXT NOT NULL,
  body BLOB NOT NULL,
  last_status INTEGER,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE (ABORT, 'what was done is never changed');
END;

CREATE TRIGGER event_is_append_only BEFORE UPDATE ON event
BEGIN
  SELECT RAISE (ABORT, 'events are never changed');
END;

CREATE TRIGGER event_is_counted AFTER INSERT ON event
BEGIN
  INSERT INTO tally (organization_id, day, kind, count)
  VALUES (new.organization_id, new.at / 86400000, new.kind, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER message_added AFTER INSERT ON message
BEGIN
  UPDATE mailbox SET messages = messages + 1, unread = unread + (new.seen = 0),
    bytes = bytes + new.size_bytes WHERE id = new.mailbox_id;
  INSERT INTO kept (organization_id, messages, unread, starred, bytes)
  VALUES (new.organization_id, 1, new.seen = 0, new.starred_by IS NOT NULL, new.size_bytes)
  ON CONFLICT (organization_id) DO UPDATE SET messages = messages + 1,
    unread = unread + excluded.unread, starred = starred + excluded.starred,
    bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER message_changed AFTER UPDATE OF organization_id, mailbox_id, seen, starred_by ON message
BEGIN
  UPDATE mailbox SET messages = messages - 1, unread = unread - (old.seen = 0),
    bytes = bytes - old.size_bytes WHERE id = old.mailbox_id;
  UPDATE mailbox SET messages = messages + 1, unread = unread + (new.seen = 0),
    bytes = bytes + new.size_bytes WHERE id = new.mailbox_id;
  UPDATE kept SET messages = messages - 1, unread = unread - (old.seen = 0),
    starred = starred - (old.starred_by IS NOT NULL), bytes = bytes - old.size_bytes
  WHERE organization_id = old.organization_id;
  INSERT INTO kept (organization_id, messages, unread, starred, bytes)
  VALUES (new.organization_id, 1, new.seen = 0, new.starred_by IS NOT NULL, new.size_bytes)
  ON CONFLICT (organization_id) DO UPDATE SET messages = messages + 1,
    unread = unread + excluded.unread, starred = starred + excluded.starred,
    bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER message_filed AFTER INSERT ON message WHEN new.folder_id IS NOT NULL
BEGIN
  UPDATE folder SET messages = messages + 1, unread = unread + (new.seen = 0),
    bytes = bytes + new.size_bytes WHERE id = new.folder_id;
END;

CREATE TRIGGER message_marked
AFTER UPDATE OF seen, starred_by, labels, answered, deleted, draft ON message
WHEN new.folder_id IS NOT NULL AND old.folder_id IS new.folder_id
  AND (old.seen IS NOT new.seen OR old.starred_by IS NOT new.starred_by OR old.labels IS NOT new.labels
    OR old.answered IS NOT new.answered OR old.deleted IS NOT new.deleted OR old.draft IS NOT new.draft)
BEGIN
  UPDATE folder SET modseq = modseq + 1, unread = unread - (old.seen = 0) + (new.seen = 0)
  WHERE id = new.folder_id;
  UPDATE message SET modseq = (SELECT modseq FROM folder WHERE id = new.folder_id)
  WHERE id = new.id;
END;

CREATE TRIGGER message_moved AFTER UPDATE OF folder_id ON message
WHEN old.folder_id IS NOT new.folder_id
BEGIN
  UPDATE folder SET messages = messages - 1, unread = unread - (old.seen = 0),
    bytes = bytes - old.size_bytes, modseq = modseq + 1 WHERE id = old.folder_id;
  INSERT INTO vanished (folder_id, modseq, uid)
  SELECT id, modseq, old.uid FROM folder WHERE id = old.folder_id;
  UPDATE folder SET messages = messages + 1, unread = unread + (new.seen = 0),
    bytes = bytes + new.size_bytes WHERE id = new.folder_id;
END;

CREATE TRIGGER message_removed AFTER DELETE ON message
BEGIN
  UPDATE mailbox SET messages = messages - 1, unread = unread - (old.seen = 0),
    bytes = bytes - old.size_bytes WHERE id = old.mailbox_id;
  UPDATE kept SET messages = messages - 1, unread = unread - (old.seen = 0),
    starred = starred - (old.starred_by IS NOT NULL), bytes = bytes - old.size_bytes
  WHERE organization_id = old.organization_id;
END;

CREATE TRIGGER message_renumbered AFTER UPDATE OF uid ON message
WHEN old.folder_id IS NOT NULL AND old.folder_id IS new.folder_id AND old.uid IS NOT new.uid
BEGIN
  UPDATE folder SET modseq = modseq + 1 WHERE id = old.folder_id;
  INSERT INTO vanished (folder_id, modseq, uid)
  SELECT id, modseq, old.uid FROM folder WHERE id = old.folder_id;
END;

CREATE TRIGGER message_unfiled AFTER DELETE ON message WHEN old.folder_id IS NOT NULL
BEGIN
  UPDATE folder SET messages = messages - 1, unread = unread - (old.seen = 0),
    bytes = bytes - old.size_bytes, modseq = modseq + 1 WHERE id = old.folder_id;
  INSERT INTO vanished (folder_id, modseq, uid)
  SELECT id, modseq, old.uid FROM folder WHERE id = old.folder_id;
END;

CREATE TRIGGER subscription_left AFTER DELETE ON folder WHEN old.subscribed = 1
  AND (SELECT count(*) FROM subscription WHERE mailbox_id = old.mailbox_id) < 1000
BEGIN
  INSERT OR IGNORE INTO subscription (mailbox_id, name) VALUES (old.mailbox_id, old.name);
END;

CREATE TRIGGER subscription_made AFTER INSERT ON folder
BEGIN
  DELETE FROM subscription WHERE mailbox_id = new.mailbox_id AND name = new.name;
END;

CREATE TRIGGER subscription_named AFTER UPDATE OF name ON folder
BEGIN
  UPDATE folder SET subscribed = 1 WHERE id = new.id AND EXISTS (
    SELECT 1 FROM subscription WHERE mailbox_id = new.mailbox_id AND name = new.name);
  DELETE FROM subscription WHERE mailbox_id = new.mailbox_id AND name = new.name;
END;

CREATE TRIGGER text_filed AFTER INSERT ON message WHEN new.folder_id IS NOT NULL
BEGIN
  INSERT INTO text_index (body_id, state) SELECT new.body_id, 'due'
  WHERE NOT EXISTS (SELECT 1 FROM text_index WHERE body_id = new.body_id);
END;

CREATE TRIGGER text_freed AFTER DELETE ON body
BEGIN
  DELETE FROM body_text WHERE rowid IN
    (SELECT body_id FROM text_index WHERE body_id = old.id AND state <> 'due');
  DELETE FROM body_outline WHERE body_id = old.id;
  DELETE FROM text_index WHERE body_id = old.id;
END;

CREATE TRIGGER text_moved AFTER UPDATE OF folder_id ON message
WHEN old.folder_id IS NULL AND new.folder_id IS NOT NULL
BEGIN
  INSERT INTO text_index (body_id, state) SELECT new.body_id, 'due'
  WHERE NOT EXISTS (SELECT 1 FROM text_index WHERE body_id = new.body_id);
END;

CREATE TRIGGER vanished_kept AFTER INSERT ON vanished
BEGIN
  DELETE FROM vanished WHERE folder_id = new.folder_id AND modseq <= new.modseq - 100000;
END;
