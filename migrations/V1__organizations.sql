-- The tenants, their people, and the proof that the master key is the right one.
CREATE TABLE organization (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  active_plan INTEGER NOT NULL DEFAULT 1 CHECK (active_plan IN (0, 1)),
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  direct_delivery INTEGER NOT NULL DEFAULT 0 CHECK (direct_delivery IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE user (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('owner', 'member', 'reader')),
  password_hash TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX user_by_organization ON user (organization_id);

-- One row: a known text sealed with the master key, so that a wrong key is told at start;
-- and the last time that somebody asked whether the database takes writes.
CREATE TABLE vault (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  proof BLOB NOT NULL,
  asked_at INTEGER
) STRICT;
