-- Domains can be removed and made again, while their mail keeps its history; they can have
-- a return path of their own naming, and switches for what is added to their mail.
CREATE TABLE domain_new (
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
) STRICT;
INSERT INTO domain_new (id, uuid, organization_id, host, name, dkim_verified, advanced_verified,
  verified_at, tls, webhook_public, webhook_private_sealed, created_at, modified_at)
SELECT id, unhex(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || '8' || substr(hex(randomblob(8)), 2)),
  organization_id, host, name, dkim_verified, advanced_verified,
  CASE dkim_verified WHEN 1 THEN modified_at END, tls, webhook_public, webhook_private_sealed,
  created_at, modified_at FROM domain;
DROP TABLE domain;
ALTER TABLE domain_new RENAME TO domain;
CREATE INDEX domain_by_organization ON domain (organization_id, created_at);
CREATE UNIQUE INDEX domain_by_host ON domain (host) WHERE removed_at IS NULL;
