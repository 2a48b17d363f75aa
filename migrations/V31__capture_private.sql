-- Whether mail that an organization captures is starred: it stays, whatever else goes.
ALTER TABLE organization ADD COLUMN capture_private INTEGER NOT NULL DEFAULT 0 CHECK (capture_private IN (0, 1));
