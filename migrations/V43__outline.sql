-- What lists and searches ask of a body again and again, read once when it is indexed: the day its
-- Date names, counted from 1970-01-01, if it names one; its structure, packed; the fields of its
-- header that lists show; all of its header, compressed. What would be too long to be kept is NULL.
CREATE TABLE body_outline (
  body_id INTEGER PRIMARY KEY,
  sent_day INTEGER,
  structure BLOB,
  listed BLOB,
  head BLOB
) STRICT;

DROP TRIGGER text_freed;
DROP TABLE body_head;

CREATE TRIGGER text_freed AFTER DELETE ON body
BEGIN
  DELETE FROM body_text WHERE rowid IN
    (SELECT body_id FROM text_index WHERE body_id = old.id AND state <> 'due');
  DELETE FROM body_outline WHERE body_id = old.id;
  DELETE FROM text_index WHERE body_id = old.id;
END;

-- All is read anew.
INSERT INTO body_text (body_text) VALUES ('delete-all');
UPDATE text_index SET state = 'due';
