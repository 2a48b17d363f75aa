-- Mail that came in is an event too, and webhooks can listen to one mailbox's.
ALTER TABLE event ADD COLUMN message_id INTEGER;
-- The mailbox whose routing holds for the message.
ALTER TABLE event ADD COLUMN mailbox_id INTEGER;
ALTER TABLE webhook ADD COLUMN mailbox_id INTEGER REFERENCES mailbox (id) ON DELETE CASCADE;
CREATE INDEX webhook_by_mailbox ON webhook (mailbox_id) WHERE mailbox_id IS NOT NULL;
