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
