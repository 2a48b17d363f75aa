-- What is provisioned in the background for callers who poll, and what became of it: one
-- sequence of numbers for all kinds, none of them ever used again.
CREATE TABLE task (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  -- Who may read it; null: the operator.
  key_id INTEGER REFERENCES key (id),
  kind TEXT NOT NULL CHECK (kind IN ('domain', 'sub-domains', 'mailbox', 'mailboxes')),
  domain_id INTEGER NOT NULL REFERENCES domain (id),
  -- The domain's host when it was asked for.
  host TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'processing', 'completed', 'failed')),
  -- What its mailboxes are given; the password only until they are made.
  name TEXT NOT NULL DEFAULT '',
  quota_bytes INTEGER CHECK (quota_bytes > 0),
  password_hash TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX task_open ON task (id) WHERE finished_at IS NULL;
CREATE INDEX task_finished ON task (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX task_of_domains ON task (id) WHERE kind IN ('domain', 'sub-domains');
CREATE INDEX task_by_domain ON task (domain_id, kind, key_id, created_at);

-- One address or host of a task, and what became of it; null: nothing yet.
CREATE TABLE task_item (
  task_id INTEGER NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  wanted TEXT NOT NULL,
  outcome TEXT CHECK (outcome IN ('created', 'exists', 'malformed', 'full', 'gone', 'fault')),
  PRIMARY KEY (task_id, position)
) STRICT, WITHOUT ROWID;

-- How many mailboxes of people a domain may have; null: any number.
ALTER TABLE domain ADD COLUMN mailbox_limit INTEGER CHECK (mailbox_limit > 0);

-- The mailboxes of people at a domain are few among all that mail was ever addressed to.
CREATE INDEX mailbox_of_people ON mailbox (domain_id, id) WHERE kind = 'full';
