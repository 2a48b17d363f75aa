-- Ids for the outside, for what the APIs with UUIDs name. Version 4; the engine sets them
-- from here on.
ALTER TABLE organization ADD COLUMN uuid BLOB;
UPDATE organization SET uuid = unhex(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || '8' || substr(hex(randomblob(8)), 2));
CREATE UNIQUE INDEX organization_by_uuid ON organization (uuid);

ALTER TABLE key ADD COLUMN uuid BLOB;
UPDATE key SET uuid = unhex(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || '8' || substr(hex(randomblob(8)), 2));
CREATE UNIQUE INDEX key_by_uuid ON key (uuid);

ALTER TABLE webhook ADD COLUMN uuid BLOB;
UPDATE webhook SET uuid = unhex(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || '8' || substr(hex(randomblob(8)), 2));
CREATE UNIQUE INDEX webhook_by_uuid ON webhook (uuid);
