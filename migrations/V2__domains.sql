-- Names that an organization sends from, their keys, and what DNS said of each record.
CREATE TABLE domain (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  host TEXT NOT NULL UNIQUE,
  name TEXT,
  dkim_verified INTEGER NOT NULL DEFAULT 0 CHECK (dkim_verified IN (0, 1)),
  advanced_verified INTEGER NOT NULL DEFAULT 0 CHECK (advanced_verified IN (0, 1)),
  tls TEXT NOT NULL DEFAULT 'opportunistic' CHECK (tls IN ('opportunistic', 'required')),
  webhook_public BLOB NOT NULL,
  webhook_private_sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;
CREATE INDEX domain_by_organization ON domain (organization_id, created_at);

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

CREATE TABLE domain_record (
  domain_id INTEGER NOT NULL REFERENCES domain (id),
  kind TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('match', 'mismatch', 'absent', 'unsure')),
  found TEXT NOT NULL,
  checked_at INTEGER NOT NULL,
  PRIMARY KEY (domain_id, kind)
) STRICT, WITHOUT ROWID;
