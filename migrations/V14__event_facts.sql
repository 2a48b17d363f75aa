-- What an event says beside its words: how a delivery left and by which relay; what was
-- fetched, by whom.
ALTER TABLE event ADD COLUMN route TEXT;
ALTER TABLE event ADD COLUMN relay TEXT;
ALTER TABLE event ADD COLUMN url TEXT;
ALTER TABLE event ADD COLUMN user_agent TEXT;
ALTER TABLE event ADD COLUMN ip TEXT;
