-- Only successes: what a caller's key stood for, replayed for a day.
CREATE TABLE idempotency (
  key_id INTEGER NOT NULL REFERENCES key (id),
  token TEXT NOT NULL,
  email_id INTEGER NOT NULL REFERENCES email (id),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (key_id, token)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);
