-- The mailboxes that somebody should look after are found without a look at all the others.
CREATE INDEX mailbox_nearly_full ON mailbox (organization_id, id)
WHERE quota_bytes IS NOT NULL AND removed_at IS NULL AND bytes * 10 >= quota_bytes * 9;
