-- A body that is freed is looked for among all that could still refer to it.
CREATE INDEX message_by_body ON message (body_id);
CREATE INDEX email_by_body ON email (body_id);
CREATE INDEX delivery_by_body ON delivery (body_id) WHERE body_id IS NOT NULL;
