-- Mail that answers by itself, such as a report of failure: its return path is null
-- (RFC 5321 section 4.5.5), so that nothing answers it.
ALTER TABLE email ADD COLUMN automatic INTEGER NOT NULL DEFAULT 0 CHECK (automatic IN (0, 1));
