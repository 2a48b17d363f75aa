-- Names that a person subscribed to and that are no folder any more: no server takes them off the
-- list (RFC 9051 section 6.3.7). They are as many as there may be folders.
CREATE TABLE subscription (
  mailbox_id INTEGER NOT NULL REFERENCES mailbox (id),
  name TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, name)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER subscription_left AFTER DELETE ON folder WHEN old.subscribed = 1
  AND (SELECT count(*) FROM subscription WHERE mailbox_id = old.mailbox_id) < 1000
BEGIN
  INSERT OR IGNORE INTO subscription (mailbox_id, name) VALUES (old.mailbox_id, old.name);
END;

-- What is made or named so is subscribed to.
CREATE TRIGGER subscription_made AFTER INSERT ON folder
BEGIN
  DELETE FROM subscription WHERE mailbox_id = new.mailbox_id AND name = new.name;
END;
CREATE TRIGGER subscription_named AFTER UPDATE OF name ON folder
BEGIN
  UPDATE folder SET subscribed = 1 WHERE id = new.id AND EXISTS (
    SELECT 1 FROM subscription WHERE mailbox_id = new.mailbox_id AND name = new.name);
  DELETE FROM subscription WHERE mailbox_id = new.mailbox_id AND name = new.name;
END;
