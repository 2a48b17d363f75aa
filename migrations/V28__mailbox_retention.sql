-- How long and how much one mailbox keeps; null is as its organization's do.
ALTER TABLE mailbox ADD COLUMN keep_days INTEGER CHECK (keep_days > 0);
ALTER TABLE mailbox ADD COLUMN keep_messages INTEGER CHECK (keep_messages > 0);
ALTER TABLE mailbox ADD COLUMN keep_bytes INTEGER CHECK (keep_bytes > 0);
