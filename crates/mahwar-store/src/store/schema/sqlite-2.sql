-- Schema 2 of a store in SQLite: an identity and a history, by which a store that went back to an older state is noticed.

ALTER TABLE store ADD COLUMN id TEXT NOT NULL DEFAULT '';      -- random, given once
ALTER TABLE store ADD COLUMN mark TEXT NOT NULL DEFAULT '';    -- random, new with each transaction that changes the version
UPDATE store SET id = lower(hex(randomblob(16))), mark = lower(hex(randomblob(8)));

CREATE TABLE history (
    version INTEGER PRIMARY KEY,        -- the store's version after a transaction
    mark TEXT NOT NULL                  -- its mark then
) STRICT;
INSERT INTO history SELECT version, mark FROM store;
