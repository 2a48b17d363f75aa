-- People who sign in: when they were last here, and since when they are no more. A name is
-- free again then: the row of whoever had it keeps another.
ALTER TABLE user ADD COLUMN seen_at INTEGER;
ALTER TABLE user ADD COLUMN removed_at INTEGER;

-- Whoever is signed in. `hash` is SHA-256 of a token that only their browser has.
CREATE TABLE session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES user (id),
  hash BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_age ON session (seen_at);

-- Ways in that work once: for a person, or for whoever becomes the first owner.
CREATE TABLE invitation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  user_id INTEGER REFERENCES user (id),
  hash BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX invitation_by_user ON invitation (user_id);
CREATE INDEX invitation_by_age ON invitation (expires_at);
