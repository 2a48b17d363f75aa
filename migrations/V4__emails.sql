-- What was submitted, one row a recipient, one row a try; bodies are shared by content.
CREATE TABLE body (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  size_bytes INTEGER NOT NULL,
  uses INTEGER NOT NULL CHECK (uses >= 0),
  content BLOB NOT NULL
) STRICT;

CREATE TABLE email (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid BLOB NOT NULL UNIQUE,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  domain_id INTEGER NOT NULL REFERENCES domain (id),
  key_id INTEGER NOT NULL REFERENCES key (id),
  body_id INTEGER NOT NULL REFERENCES body (id),
  message_id TEXT NOT NULL UNIQUE,
  from_text TEXT NOT NULL,
  to_text TEXT NOT NULL,
  cc_text TEXT,
  bcc_text TEXT,
  reply_to_text TEXT,
  subject TEXT,
  list_unsubscribe TEXT,
  tags TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX email_by_organization ON email (organization_id, id);

CREATE TABLE delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email_id INTEGER NOT NULL REFERENCES email (id),
  address TEXT NOT NULL,
  address_key TEXT NOT NULL,
  lane TEXT NOT NULL,
  field TEXT NOT NULL CHECK (field IN ('to', 'cc', 'bcc')),
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'deferred', 'held', 'delivered', 'bounced', 'suppressed', 'burned')),
  held_because TEXT,
  released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1)),
  route TEXT CHECK (route IN ('local', 'relay', 'direct', 'capture')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER,
  last_answer TEXT,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_by_email ON delivery (email_id);
-- Lanes are looked at one by one, so that a long queue in one never hides another.
CREATE INDEX delivery_due ON delivery (lane, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_held ON delivery (id) WHERE state = 'held';

-- Written before the socket opens; `data_sent` before the first byte of content leaves.
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
) STRICT;
CREATE INDEX attempt_by_delivery ON attempt (delivery_id);
CREATE INDEX attempt_open ON attempt (id) WHERE state <> 'settled';
