-- The alias that stands for an address is asked for with every mail that is told of.
CREATE INDEX alias_by_address ON alias (address);
