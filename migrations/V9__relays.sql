-- SMTP providers that take mail for us.
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
  created_at INTEGER NOT NULL,
  UNIQUE (organization_id, name)
) STRICT;
CREATE UNIQUE INDEX relay_default ON relay (organization_id) WHERE is_default = 1;
