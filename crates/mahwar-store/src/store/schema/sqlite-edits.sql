-- Corrections of documents, and claims and mentions that analysts add, correct or delete, in a store in SQLite.

ALTER TABLE store ADD COLUMN last_edit INTEGER NOT NULL DEFAULT 0;   -- last id given to an edit

CREATE TABLE edits (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents (number),
    target TEXT NOT NULL,               -- document, claim, mention
    number INTEGER NOT NULL,            -- of the claim or mention; 0 for a document
    verdict TEXT NOT NULL,              -- correct, add, delete, undo
    body TEXT NOT NULL,                 -- JSON: the values; empty for undo
    undoes INTEGER REFERENCES edits (id),
    author TEXT NOT NULL,
    reason TEXT,
    time TEXT NOT NULL                  -- RFC 3339, UTC
) STRICT;
CREATE INDEX edits_document ON edits (document);

-- Documents with edits in force. The rows of documents, parses, mentions and claims are those of the edited document.
CREATE TABLE edited (
    document INTEGER PRIMARY KEY REFERENCES documents (number),
    title TEXT NOT NULL,                -- these five as they were declared
    language TEXT NOT NULL,
    source_url TEXT,
    publisher TEXT,
    published TEXT,
    parse BLOB,                         -- the reading of the declared document; null where it is the one in parses
    edits TEXT NOT NULL                 -- JSON: what the edits in force say of claims and mentions together
) STRICT;
