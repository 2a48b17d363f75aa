-- What an organization sent each month, and what it may. How its webhooks are signed and
-- its enumerations written, where a contract leaves a choice.
ALTER TABLE organization ADD COLUMN metering INTEGER NOT NULL DEFAULT 0 CHECK (metering IN (0, 1));
ALTER TABLE organization ADD COLUMN payment_method INTEGER NOT NULL DEFAULT 1 CHECK (payment_method IN (0, 1));
ALTER TABLE organization ADD COLUMN spend_cap_cents INTEGER CHECK (spend_cap_cents >= 0);
ALTER TABLE organization ADD COLUMN enum_style TEXT NOT NULL DEFAULT 'string' CHECK (enum_style IN ('string', 'integer'));
ALTER TABLE organization ADD COLUMN signature_format TEXT NOT NULL DEFAULT 'plain' CHECK (signature_format IN ('plain', 'timestamped'));

-- Months are counted from January of year 0.
CREATE TABLE period (
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  month INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  PRIMARY KEY (organization_id, month)
) STRICT, WITHOUT ROWID;
