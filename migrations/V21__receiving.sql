-- What a domain takes in, and what it makes of mail that fails DMARC.
ALTER TABLE domain ADD COLUMN receives TEXT NOT NULL DEFAULT 'any' CHECK (receives IN ('any', 'known', 'nothing'));
ALTER TABLE domain ADD COLUMN dmarc TEXT NOT NULL DEFAULT 'flag' CHECK (dmarc IN ('enforce', 'flag', 'ignore'));
-- Whose routing holds for addresses that have none of their own, and who gets the mail of
-- addresses that nobody made where only known ones are taken.
ALTER TABLE domain ADD COLUMN catch_all_id INTEGER REFERENCES mailbox (id);
