-- Relays are tried in order; each may have limits, and a sender for mail that names none.
ALTER TABLE relay ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
UPDATE relay SET position = CASE is_default WHEN 1 THEN 0 ELSE id END;
ALTER TABLE relay ADD COLUMN hourly_limit INTEGER CHECK (hourly_limit > 0);
ALTER TABLE relay ADD COLUMN daily_limit INTEGER CHECK (daily_limit > 0);
ALTER TABLE relay ADD COLUMN sender_email TEXT;
ALTER TABLE relay ADD COLUMN sender_name TEXT;

-- What a relay took in a UTC hour or day, those under way counted.
CREATE TABLE relay_use (
  relay_id INTEGER NOT NULL REFERENCES relay (id) ON DELETE CASCADE,
  span TEXT NOT NULL CHECK (span IN ('hour', 'day')),
  starts_at INTEGER NOT NULL,
  used INTEGER NOT NULL CHECK (used >= 0),
  PRIMARY KEY (relay_id, span, starts_at)
) STRICT, WITHOUT ROWID;
