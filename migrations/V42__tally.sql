-- How much happened on each day (since 1970, in UTC), so that figures never read the log.
CREATE TABLE tally (
  organization_id INTEGER NOT NULL REFERENCES organization (id),
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (organization_id, day, kind)
) STRICT, WITHOUT ROWID;

INSERT INTO tally (organization_id, day, kind, count)
SELECT organization_id, at / 86400000, kind, count(*) FROM event GROUP BY 1, 2, 3;

CREATE TRIGGER event_is_counted AFTER INSERT ON event
BEGIN
  INSERT INTO tally (organization_id, day, kind, count)
  VALUES (new.organization_id, new.at / 86400000, new.kind, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;
