-- What people's mail says, so that a search, or a list of it, need not read all: of each body the grams of its
-- texts, three letters or digits on end. Nothing but which body has which gram is kept; whether a
-- body says something is seen by reading it.
CREATE VIRTUAL TABLE body_text USING fts5 (
  grams, content = '', contentless_delete = 1, detail = 'none', tokenize = 'ascii'
);

-- How far that is: 'due' to be read, 'whole', or in 'part' where there is more than is indexed.
-- A body that is not here, or not in whole, is read by every search.
CREATE TABLE text_index (
  body_id INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('due', 'whole', 'part'))
) STRICT;
CREATE INDEX text_due ON text_index (body_id) WHERE state = 'due';

-- The header of a body that is indexed, compressed, with the line that ends it.
CREATE TABLE body_head (
  body_id INTEGER PRIMARY KEY,
  head BLOB NOT NULL
) STRICT;

INSERT INTO text_index (body_id, state)
SELECT DISTINCT body_id, 'due' FROM message WHERE folder_id IS NOT NULL;

CREATE TRIGGER text_filed AFTER INSERT ON message WHEN new.folder_id IS NOT NULL
BEGIN
  INSERT INTO text_index (body_id, state) SELECT new.body_id, 'due'
  WHERE NOT EXISTS (SELECT 1 FROM text_index WHERE body_id = new.body_id);
END;

CREATE TRIGGER text_moved AFTER UPDATE OF folder_id ON message
WHEN old.folder_id IS NULL AND new.folder_id IS NOT NULL
BEGIN
  INSERT INTO text_index (body_id, state) SELECT new.body_id, 'due'
  WHERE NOT EXISTS (SELECT 1 FROM text_index WHERE body_id = new.body_id);
END;

CREATE TRIGGER text_freed AFTER DELETE ON body
BEGIN
  DELETE FROM body_text WHERE rowid IN
    (SELECT body_id FROM text_index WHERE body_id = old.id AND state <> 'due');
  DELETE FROM body_head WHERE body_id = old.id;
  DELETE FROM text_index WHERE body_id = old.id;
END;
