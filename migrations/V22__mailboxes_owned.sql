-- Mailboxes with an owner (0: nobody's), their routing, and running counts of what they hold.
CREATE TABLE mailbox_new (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL,
  domain_id INTEGER REFERENCES domain (id),
  address TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('public', 'implicit', 'reserved', 'full')),
  info TEXT NOT NULL DEFAULT '',
  forward TEXT,
  socket INTEGER NOT NULL DEFAULT 0 CHECK (socket IN (0, 1)),
  quota_bytes INTEGER CHECK (quota_bytes > 0),
  messages INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (organization_id, address)
) STRICT;
-- Until now a mailbox was made by captured mail alone.
INSERT INTO mailbox_new (id, organization_id, domain_id, address, kind, created_at, updated_at)
SELECT id, organization_id,
  (SELECT d.id FROM domain d WHERE d.host = substr(address, instr(address, '@') + 1)
   AND d.organization_id = mailbox.organization_id AND d.removed_at IS NULL),
  address, CASE kind WHEN 'reserved' THEN 'implicit' ELSE kind END, created_at, created_at
FROM mailbox;

-- Local parts that stand, at each of our hosts, for an address without telling it.
CREATE TABLE alias (
  local TEXT PRIMARY KEY,
  address TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every message of a mailbox, once and for all: its bytes are the body's.
CREATE TABLE message_new (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox_id INTEGER NOT NULL REFERENCES mailbox (id),
  -- Whose it is: the mailbox's owner, or who starred it in a mailbox that is nobody's.
  organization_id INTEGER NOT NULL,
  domain_id INTEGER,
  body_id INTEGER NOT NULL REFERENCES body (id),
  email_id INTEGER REFERENCES email (id),
  delivery_id INTEGER REFERENCES delivery (id),
  -- Its place among the recipients that it came for.
  place INTEGER NOT NULL DEFAULT 0,
  -- The recipient as it was written on the envelope, where that differs from the mailbox.
  original TEXT,
  folder TEXT NOT NULL DEFAULT 'inbox',
  seen INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1)),
  starred_by TEXT,
  labels TEXT,
  from_text TEXT NOT NULL,
  to_text TEXT,
  subject TEXT,
  -- What its header and parts say, as JSON.
  content TEXT,
  -- How it came, as JSON; null where it came by no wire.
  trace TEXT,
  size_bytes INTEGER NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
INSERT INTO message_new (id, mailbox_id, organization_id, domain_id, body_id, email_id, delivery_id,
  folder, seen, from_text, subject, size_bytes, received_at)
SELECT m.id, m.mailbox_id, b.organization_id, b.domain_id, m.body_id, m.email_id, m.delivery_id,
  m.folder, m.seen, m.from_text, m.subject, m.size_bytes, m.received_at
FROM message m JOIN mailbox_new b ON b.id = m.mailbox_id;
DROP TABLE message;
DROP TABLE mailbox;
ALTER TABLE mailbox_new RENAME TO mailbox;
ALTER TABLE message_new RENAME TO message;
UPDATE mailbox SET
  messages = (SELECT count(*) FROM message m WHERE m.mailbox_id = mailbox.id),
  unread = (SELECT count(*) FROM message m WHERE m.mailbox_id = mailbox.id AND m.seen = 0),
  bytes = (SELECT ifnull(sum(m.size_bytes), 0) FROM message m WHERE m.mailbox_id = mailbox.id);

-- One owner of an address that was asked for.
CREATE UNIQUE INDEX mailbox_reserved ON mailbox (address) WHERE kind IN ('reserved', 'full');
CREATE INDEX mailbox_by_domain ON mailbox (domain_id, id) WHERE domain_id IS NOT NULL;
CREATE INDEX message_by_mailbox ON message (mailbox_id, received_at, id);
CREATE INDEX message_by_organization ON message (organization_id, received_at, id);
CREATE INDEX message_by_domain ON message (domain_id, received_at, id) WHERE domain_id IS NOT NULL;
CREATE INDEX message_starred ON message (organization_id, received_at, id) WHERE starred_by IS NOT NULL;
CREATE INDEX message_by_email ON message (email_id) WHERE email_id IS NOT NULL;

-- What an organization keeps in all (0: what is nobody's).
CREATE TABLE kept (
  organization_id INTEGER PRIMARY KEY,
  messages INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  starred INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
INSERT INTO kept (organization_id, messages, unread, starred, bytes)
SELECT organization_id, count(*), sum(seen = 0), 0, sum(size_bytes) FROM message GROUP BY organization_id;

CREATE TRIGGER message_added AFTER INSERT ON message
BEGIN
  UPDATE mailbox SET messages = messages + 1, unread = unread + (new.seen = 0),
    bytes = bytes + new.size_bytes WHERE id = new.mailbox_id;
  INSERT INTO kept (organization_id, messages, unread, starred, bytes)
  VALUES (new.organization_id, 1, new.seen = 0, new.starred_by IS NOT NULL, new.size_bytes)
  ON CONFLICT (organization_id) DO UPDATE SET messages = messages + 1,
    unread = unread + excluded.unread, starred = starred + excluded.starred,
    bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER message_removed AFTER DELETE ON message
BEGIN
  UPDATE mailbox SET messages = messages - 1, unread = unread - (old.seen = 0),
    bytes = bytes - old.size_bytes WHERE id = old.mailbox_id;
  UPDATE kept SET messages = messages - 1, unread = unread - (old.seen = 0),
    starred = starred - (old.starred_by IS NOT NULL), bytes = bytes - old.size_bytes
  WHERE organization_id = old.organization_id;
END;

CREATE TRIGGER message_changed AFTER UPDATE OF organization_id, mailbox_id, seen, starred_by ON message
BEGIN
  UPDATE mailbox SET messages = messages - 1, unread = unread - (old.seen = 0),
    bytes = bytes - old.size_bytes WHERE id = old.mailbox_id;
  UPDATE mailbox SET messages = messages + 1, unread = unread + (new.seen = 0),
    bytes = bytes + new.size_bytes WHERE id = new.mailbox_id;
  UPDATE kept SET messages = messages - 1, unread = unread - (old.seen = 0),
    starred = starred - (old.starred_by IS NOT NULL), bytes = bytes - old.size_bytes
  WHERE organization_id = old.organization_id;
  INSERT INTO kept (organization_id, messages, unread, starred, bytes)
  VALUES (new.organization_id, 1, new.seen = 0, new.starred_by IS NOT NULL, new.size_bytes)
  ON CONFLICT (organization_id) DO UPDATE SET messages = messages + 1,
    unread = unread + excluded.unread, starred = starred + excluded.starred,
    bytes = bytes + excluded.bytes;
END;
