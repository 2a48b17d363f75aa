-- How long and how much each mailbox of an organization keeps; null is without end.
ALTER TABLE organization ADD COLUMN keep_days INTEGER CHECK (keep_days > 0);
ALTER TABLE organization ADD COLUMN keep_messages INTEGER CHECK (keep_messages > 0);
ALTER TABLE organization ADD COLUMN keep_bytes INTEGER CHECK (keep_bytes > 0);
