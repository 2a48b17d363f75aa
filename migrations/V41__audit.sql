-- Who changed what. `who` is the name that they had then.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  user_id INTEGER REFERENCES user (id),
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  target TEXT,
  detail TEXT,
  remote TEXT,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_by_organization ON audit (organization_id, id);

CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE (ABORT, 'what was done is never changed');
END;
