-- Mail from a sender whose domain is a provider's business has no domain here; mail can be
-- scheduled and canceled; a recipient can complain, and can have a body of its own. A
-- Message-ID holds the email's UUID, so that it needs no index of its own.
CREATE TABLE email_new (
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
) STRICT;
INSERT INTO email_new (id, uuid, organization_id, domain_id, key_id, body_id, message_id, from_text,
  to_text, cc_text, bcc_text, reply_to_text, subject, list_unsubscribe, tags, created_at)
SELECT id, uuid, organization_id, domain_id, key_id, body_id, message_id, from_text,
  to_text, cc_text, bcc_text, reply_to_text, subject, list_unsubscribe, tags, created_at FROM email;
DROP TABLE email;
ALTER TABLE email_new RENAME TO email;
CREATE INDEX email_by_organization ON email (organization_id, id);

CREATE TABLE delivery_new (
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
INSERT INTO delivery_new (id, email_id, address, address_key, lane, field, state, held_because,
  bounced_by, released, route, attempts, next_at, last_answer, sent_at, updated_at)
SELECT id, email_id, address, address_key, lane, field, state, held_because,
  CASE WHEN state <> 'bounced' THEN NULL WHEN last_answer LIKE 'given up after%' THEN 'us' ELSE 'peer' END,
  released, route,
  attempts, next_at, last_answer, CASE state WHEN 'delivered' THEN updated_at END, updated_at
FROM delivery;
DROP TABLE delivery;
ALTER TABLE delivery_new RENAME TO delivery;
CREATE INDEX delivery_by_email ON delivery (email_id);
-- Lanes are looked at one by one, so that a long queue in one never hides another.
CREATE INDEX delivery_due ON delivery (lane, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_held ON delivery (id) WHERE state = 'held';
