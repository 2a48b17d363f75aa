-- A webhook is a reader of the event log; its cursor is the last event it has turned
-- into deliveries, in the same write.
CREATE TABLE webhook (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  domain_id INTEGER REFERENCES domain (id),
  form TEXT NOT NULL,
  url_sealed BLOB NOT NULL,
  url_shown TEXT NOT NULL,
  kinds TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  stopped_because TEXT,
  cursor INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;

CREATE TABLE webhook_delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  webhook_id INTEGER NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
  event_id INTEGER NOT NULL REFERENCES event (id),
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER,
  headers TEXT NOT NULL,
  body BLOB NOT NULL,
  last_status INTEGER,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX webhook_delivery_by_webhook ON webhook_delivery (webhook_id, id);
CREATE INDEX webhook_delivery_by_event ON webhook_delivery (event_id);

CREATE TABLE webhook_attempt (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  webhook_delivery_id INTEGER NOT NULL REFERENCES webhook_delivery (id) ON DELETE CASCADE,
  status INTEGER,
  answer TEXT,
  took_ms INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_attempt_by_delivery ON webhook_attempt (webhook_delivery_id);
