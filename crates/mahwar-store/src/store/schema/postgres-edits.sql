-- Corrections of documents, and claims and mentions that analysts add, correct or delete, in a store in PostgreSQL.

ALTER TABLE store ADD COLUMN last_edit integer NOT NULL DEFAULT 0;   -- last id given to an edit

CREATE TABLE edits (
    id integer PRIMARY KEY,
    version bigint NOT NULL UNIQUE,
    document integer NOT NULL REFERENCES documents (number),
    target text NOT NULL,               -- document, claim, mention
    number integer NOT NULL,            -- of the claim or mention; 0 for a document
    verdict text NOT NULL,              -- correct, add, delete, undo
    body text NOT NULL,                 -- JSON: the values; empty for undo
    undoes integer REFERENCES edits (id),
    author text NOT NULL,
    reason text,
    time text NOT NULL                  -- RFC 3339, UTC
);
CREATE INDEX edits_document ON edits (document);

-- Documents with edits in force. The rows of documents, parses, mentions and claims are those of the edited document.
CREATE TABLE edited (
    document integer PRIMARY KEY REFERENCES documents (number),
    title text NOT NULL,                -- these five as they were declared
    language text NOT NULL,
    source_url text,
    publisher text,
    published text,
    parse bytea,                         -- the reading of the declared document; null where it is the one in parses
    edits text NOT NULL                 -- JSON: what the edits in force say of claims and mentions together
);
ALTER TABLE edited ALTER COLUMN parse SET STORAGE EXTERNAL;
