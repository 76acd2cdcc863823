-- Schema 2 of a store in SQLite: an identity and a history, by which a store that went back to an older state is noticed.

ALTER TABLE store ADD COLUMN id TEXT NOT NULL DEFAULT '';      -- random, given once
ALTER TABLE store ADD COLUMN mark TEXT NOT NULL DEFAULT '';    -- random, new with each transaction that changes the version
UPDATE store SET id = lower(hex(randomblob(16))), mark = lower(hex(randomblob(8)));

CREATE TABLE history (
    version INTEGER PRIMARY KEY,        -- the store's version after a transaction
    mark TEXT NOT NULL                  -- its mark then
) STRICT;
INSERT INTO history SELECT version, mark FROM store;

-- How much there is, now that documents can be deleted.
ALTER TABLE store ADD COLUMN documents INTEGER NOT NULL DEFAULT 0;
ALTER TABLE store ADD COLUMN rulings INTEGER NOT NULL DEFAULT 0;
UPDATE store SET documents = (SELECT count(*) FROM documents), rulings = (SELECT count(*) FROM rulings);

CREATE TABLE deletions (
    number INTEGER PRIMARY KEY,         -- of the document that was deleted
    id TEXT NOT NULL,                   -- of the document; more than once if the text was put again and deleted again
    version INTEGER NOT NULL UNIQUE,    -- the change that deleted it
    sha256 BLOB NOT NULL,
    author TEXT,
    reason TEXT NOT NULL,
    time TEXT NOT NULL                  -- RFC 3339, UTC
) STRICT;
CREATE INDEX deletions_id ON deletions (id);

-- Ties the write-ahead log to the file: 'mahwar-log:MARK:PREVIOUS', changed by each transaction. The first row of a log names
-- the mark that the file had when the log began.
CREATE TABLE log_mark (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    mark TEXT NOT NULL
) STRICT;
INSERT INTO log_mark VALUES (1, 'mahwar-log:' || lower(hex(randomblob(16))) || ':00000000000000000000000000000000');
