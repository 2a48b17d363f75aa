-- A message that is moved into the folder that it lies in has a new number there (RFC 6851
-- section 3.3), and the old one is gone for whoever has the folder open.
CREATE TRIGGER message_renumbered AFTER UPDATE OF uid ON message
WHEN old.folder_id IS NOT NULL AND old.folder_id IS new.folder_id AND old.uid IS NOT new.uid
BEGIN
  UPDATE folder SET modseq = modseq + 1 WHERE id = old.folder_id;
  INSERT INTO vanished (folder_id, modseq, uid)
  SELECT id, modseq, old.uid FROM folder WHERE id = old.folder_id;
END;
