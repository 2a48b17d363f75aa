-- Any address that keeps mail; organization_id 0 means nobody's (public).
CREATE TABLE mailbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL,
  address TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('public', 'reserved', 'full')),
  uid_next INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  UNIQUE (organization_id, address)
) STRICT;

CREATE TABLE message (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox_id INTEGER NOT NULL REFERENCES mailbox (id),
  uid INTEGER NOT NULL,
  body_id INTEGER NOT NULL REFERENCES body (id),
  email_id INTEGER REFERENCES email (id),
  delivery_id INTEGER REFERENCES delivery (id),
  folder TEXT NOT NULL DEFAULT 'inbox',
  seen INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1)),
  from_text TEXT NOT NULL,
  subject TEXT,
  size_bytes INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  UNIQUE (mailbox_id, uid)
) STRICT;
CREATE INDEX message_by_email ON message (email_id);
