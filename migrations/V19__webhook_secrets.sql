-- A shared secret, for forms that sign with one; the events wanted, in the form's own words.
ALTER TABLE webhook ADD COLUMN secret_sealed BLOB;
ALTER TABLE webhook ADD COLUMN secret_hint TEXT;
ALTER TABLE webhook ADD COLUMN words TEXT;
