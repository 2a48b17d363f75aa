-- Every credential for an API. `hash` is SHA-256 of the token; `token_sealed` only where
-- a contract gives the token back.
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
) STRICT;
CREATE INDEX key_by_domain ON key (domain_id, shape);
CREATE INDEX key_by_organization ON key (organization_id);

-- For mode allow-list: an address, or a domain, that mail may leave for.
CREATE TABLE key_allow (
  key_id INTEGER NOT NULL REFERENCES key (id),
  pattern TEXT NOT NULL,
  PRIMARY KEY (key_id, pattern)
) STRICT, WITHOUT ROWID;
