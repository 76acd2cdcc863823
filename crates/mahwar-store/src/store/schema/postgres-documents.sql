-- What documents say of themselves, who else published them, and feeds that are asked.

CREATE TABLE document_details (
    document integer PRIMARY KEY REFERENCES documents (number),
    details text NOT NULL               -- JSON: facts with where they come from, offsets of pages
);

-- The same text with the same title from other outlets.
CREATE TABLE document_sources (
    document integer NOT NULL REFERENCES documents (number),
    ordinal integer NOT NULL,           -- from 1
    source_url text,
    publisher text,
    published text,
    added text NOT NULL,                -- RFC 3339, UTC
    PRIMARY KEY (document, ordinal)
);

-- Documents with the same text.
CREATE INDEX documents_sha256 ON documents (sha256);

CREATE TABLE feeds (
    address text PRIMARY KEY,           -- without a password
    listed_by text NOT NULL,            -- settings, api or command
    state text NOT NULL,                -- JSON: validators, entries seen, last run
    locked_by text,                     -- the server that asks it now
    locked_until bigint NOT NULL DEFAULT 0,   -- seconds since 1970
    due bigint NOT NULL DEFAULT 0       -- seconds since 1970: not asked before
);
