-- The reader that made each reading: after an upgrade those of an older one are known.

-- Fingerprint of the program's rules and of the land's data; null in rows from before it was recorded.
ALTER TABLE parses ADD COLUMN reader bigint;
CREATE INDEX parses_reader ON parses (reader);
