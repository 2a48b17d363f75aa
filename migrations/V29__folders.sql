-- Mailboxes of people: what they are called, a password (Argon2id, PHC string), and since when
-- they are shut or on their way out.
ALTER TABLE mailbox ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE mailbox ADD COLUMN password_hash TEXT;
-- Whether what its person sends is kept in its folder for that, where their program does not.
ALTER TABLE mailbox ADD COLUMN keep_sent INTEGER NOT NULL DEFAULT 0 CHECK (keep_sent IN (0, 1));
ALTER TABLE mailbox ADD COLUMN suspended_at INTEGER;
ALTER TABLE mailbox ADD COLUMN removed_at INTEGER;
CREATE INDEX mailbox_removed ON mailbox (removed_at) WHERE removed_at IS NOT NULL;

-- The folders of a mailbox of kind 'full'; no other has any. Its id is its UIDVALIDITY too
-- (RFC 9051 section 2.3.1.1): no two ever have the same.
CREATE TABLE folder (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox_id INTEGER NOT NULL REFERENCES mailbox (id),
  -- UTF-8, '/' between levels; the inbox is INBOX.
  name TEXT NOT NULL,
  role TEXT CHECK (role IN ('inbox', 'all', 'spam', 'trash', 'sent', 'drafts')),
  uid_next INTEGER NOT NULL DEFAULT 1,
  -- The highest modification sequence (RFC 7162).
  modseq INTEGER NOT NULL DEFAULT 1,
  subscribed INTEGER NOT NULL DEFAULT 1 CHECK (subscribed IN (0, 1)),
  messages INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  UNIQUE (mailbox_id, name)
) STRICT;
CREATE UNIQUE INDEX folder_role ON folder (mailbox_id, role) WHERE role IS NOT NULL;

ALTER TABLE message ADD COLUMN folder_id INTEGER REFERENCES folder (id);
-- Its number in its folder, and when that last knew of a change of it.
ALTER TABLE message ADD COLUMN uid INTEGER;
ALTER TABLE message ADD COLUMN modseq INTEGER;
ALTER TABLE message ADD COLUMN answered INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1));
ALTER TABLE message ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1));
ALTER TABLE message ADD COLUMN draft INTEGER NOT NULL DEFAULT 0 CHECK (draft IN (0, 1));
CREATE UNIQUE INDEX message_by_uid ON message (folder_id, uid) WHERE folder_id IS NOT NULL;
CREATE INDEX message_deleted ON message (folder_id, uid) WHERE deleted = 1;
CREATE INDEX message_by_modseq ON message (folder_id, modseq) WHERE folder_id IS NOT NULL;

-- What left a folder, as long as the folder has changed no more than 100,000 times since.
CREATE TABLE vanished (
  folder_id INTEGER NOT NULL,
  modseq INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  PRIMARY KEY (folder_id, modseq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER vanished_kept AFTER INSERT ON vanished
BEGIN
  DELETE FROM vanished WHERE folder_id = new.folder_id AND modseq <= new.modseq - 100000;
END;

-- Whichever door changed a message, its folder's counts and numbers stay true.
CREATE TRIGGER message_filed AFTER INSERT ON message WHEN new.folder_id IS NOT NULL
BEGIN
  UPDATE folder SET messages = messages + 1, unread = unread + (new.seen = 0),
    bytes = bytes + new.size_bytes WHERE id = new.folder_id;
END;

CREATE TRIGGER message_unfiled AFTER DELETE ON message WHEN old.folder_id IS NOT NULL
BEGIN
  UPDATE folder SET messages = messages - 1, unread = unread - (old.seen = 0),
    bytes = bytes - old.size_bytes, modseq = modseq + 1 WHERE id = old.folder_id;
  INSERT INTO vanished (folder_id, modseq, uid)
  SELECT id, modseq, old.uid FROM folder WHERE id = old.folder_id;
END;

CREATE TRIGGER message_moved AFTER UPDATE OF folder_id ON message
WHEN old.folder_id IS NOT new.folder_id
BEGIN
  UPDATE folder SET messages = messages - 1, unread = unread - (old.seen = 0),
    bytes = bytes - old.size_bytes, modseq = modseq + 1 WHERE id = old.folder_id;
  INSERT INTO vanished (folder_id, modseq, uid)
  SELECT id, modseq, old.uid FROM folder WHERE id = old.folder_id;
  UPDATE folder SET messages = messages + 1, unread = unread + (new.seen = 0),
    bytes = bytes + new.size_bytes WHERE id = new.folder_id;
END;

CREATE TRIGGER message_marked
AFTER UPDATE OF seen, starred_by, labels, answered, deleted, draft ON message
WHEN new.folder_id IS NOT NULL AND old.folder_id IS new.folder_id
  AND (old.seen IS NOT new.seen OR old.starred_by IS NOT new.starred_by OR old.labels IS NOT new.labels
    OR old.answered IS NOT new.answered OR old.deleted IS NOT new.deleted OR old.draft IS NOT new.draft)
BEGIN
  UPDATE folder SET modseq = modseq + 1, unread = unread - (old.seen = 0) + (new.seen = 0)
  WHERE id = new.folder_id;
  UPDATE message SET modseq = (SELECT modseq FROM folder WHERE id = new.folder_id)
  WHERE id = new.id;
END;
