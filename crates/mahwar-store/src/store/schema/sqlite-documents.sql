-- What documents say of themselves, who else published them, and feeds that are asked.

CREATE TABLE document_details (
    document INTEGER PRIMARY KEY REFERENCES documents (number),
    details TEXT NOT NULL               -- JSON: facts with where they come from, offsets of pages
) STRICT;

-- The same text with the same title from other outlets.
CREATE TABLE document_sources (
    document INTEGER NOT NULL REFERENCES documents (number),
    ordinal INTEGER NOT NULL,           -- from 1
    source_url TEXT,
    publisher TEXT,
    published TEXT,
    added TEXT NOT NULL,                -- RFC 3339, UTC
    PRIMARY KEY (document, ordinal)
) STRICT, WITHOUT ROWID;

-- Documents with the same text.
CREATE INDEX documents_sha256 ON documents (sha256);

CREATE TABLE feeds (
    address TEXT PRIMARY KEY,           -- without a password
    listed_by TEXT NOT NULL,            -- settings, api or command
    state TEXT NOT NULL,                -- JSON: validators, entries seen, last run
    locked_by TEXT,                     -- the server that asks it now
    locked_until INTEGER NOT NULL DEFAULT 0,   -- seconds since 1970
    due INTEGER NOT NULL DEFAULT 0      -- seconds since 1970: not asked before
) STRICT;
