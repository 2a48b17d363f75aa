-- The log: numbered, never changed afterwards. Webhooks and sockets read it with a cursor.
CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  domain_id INTEGER REFERENCES domain (id),
  email_id INTEGER REFERENCES email (id),
  delivery_id INTEGER REFERENCES delivery (id),
  kind TEXT NOT NULL,
  detail TEXT,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX event_by_email ON event (email_id);

CREATE TRIGGER event_is_append_only BEFORE UPDATE ON event
BEGIN
  SELECT RAISE (ABORT, 'events are never changed');
END;
