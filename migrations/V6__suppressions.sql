-- Addresses that must not be sent to; domain_id 0 means the whole organization.
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

-- Addresses that a bounce does not suppress.
CREATE TABLE allowed_address (
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  address TEXT NOT NULL,
  domain_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (organization_id, address, domain_id)
) STRICT, WITHOUT ROWID;
