-- Schema 2 of a store in PostgreSQL: an identity and a history, by which a store that went back to an older state
-- (a restore, a standby that lagged when it was promoted) is noticed.

ALTER TABLE store ADD COLUMN id text NOT NULL DEFAULT '';      -- random, given once
ALTER TABLE store ADD COLUMN mark text NOT NULL DEFAULT '';    -- random, new with each transaction that changes the version
UPDATE store SET id = replace(gen_random_uuid()::text, '-', ''), mark = left(md5(gen_random_uuid()::text), 16);

CREATE TABLE history (
    version bigint PRIMARY KEY,         -- the store's version after a transaction
    mark text NOT NULL                  -- its mark then
);
INSERT INTO history SELECT version, mark FROM store;

-- How much there is, now that documents can be deleted.
ALTER TABLE store ADD COLUMN documents integer NOT NULL DEFAULT 0;
ALTER TABLE store ADD COLUMN rulings integer NOT NULL DEFAULT 0;
UPDATE store SET documents = (SELECT count(*) FROM documents), rulings = (SELECT count(*) FROM rulings);

CREATE TABLE deletions (
    number integer PRIMARY KEY,         -- of the document that was deleted
    id text NOT NULL,                   -- of the document; more than once if the text was put again and deleted again
    version bigint NOT NULL UNIQUE,     -- the change that deleted it
    sha256 bytea NOT NULL,
    author text,
    reason text NOT NULL,
    time text NOT NULL                  -- RFC 3339, UTC
);
CREATE INDEX deletions_id ON deletions (id);
