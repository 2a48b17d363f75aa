-- What an attempt saw of the world: DNS, and the step of the conversation that it ended at.
ALTER TABLE attempt ADD COLUMN dns TEXT;
ALTER TABLE attempt ADD COLUMN stage TEXT;
