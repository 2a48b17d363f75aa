-- Bounces and complaints, each as it was told: by a peer, or over an API.
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
CREATE INDEX bounce_by_organization ON bounce (organization_id, id);
CREATE INDEX bounce_by_address ON bounce (organization_id, address);
