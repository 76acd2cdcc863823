-- Events of a store in SQLite: claims that appear to be about the same thing, and the decisions of analysts on them.

CREATE TABLE events (
    key INTEGER PRIMARY KEY,            -- order of its making
    version INTEGER NOT NULL,           -- the store's version when it last changed
    claims INTEGER NOT NULL,            -- how many it has
    ruled INTEGER NOT NULL              -- 0 no; 1 an analyst decided on a claim of it; 2 an analyst joined it
) STRICT;

CREATE TABLE event_claims (
    document INTEGER NOT NULL REFERENCES documents (number),
    claim INTEGER NOT NULL,             -- position among the claims of the document
    event INTEGER NOT NULL REFERENCES events (key),
    kind TEXT NOT NULL,
    cell INTEGER NOT NULL,              -- of a grid of one degree
    day_first INTEGER NOT NULL,         -- days since 1970-01-01
    day_last INTEGER NOT NULL,
    byte_start INTEGER NOT NULL,
    byte_end INTEGER NOT NULL,
    score INTEGER,                      -- hundredths; null for the first claim of an event
    reasons TEXT NOT NULL,              -- JSON: why it was linked
    account TEXT NOT NULL,              -- JSON: everything by which it is compared and shown
    sketch BLOB NOT NULL,
    PRIMARY KEY (document, claim)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_claims_near ON event_claims (kind, cell, day_first);
CREATE INDEX event_claims_event ON event_claims (event);

CREATE TABLE event_rulings (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL UNIQUE,
    verdict TEXT NOT NULL,              -- join, split, undo
    undoes INTEGER REFERENCES event_rulings (id),
    author TEXT NOT NULL,
    reason TEXT,
    time TEXT NOT NULL                  -- RFC 3339, UTC
) STRICT;

-- Claims by their spans, which outlive a new parse.
CREATE TABLE event_ruling_claims (
    ruling INTEGER NOT NULL REFERENCES event_rulings (id),
    side INTEGER NOT NULL,              -- of a split: 0 for those that were taken out, 1 for the others
    document INTEGER NOT NULL REFERENCES documents (number),
    byte_start INTEGER NOT NULL,
    byte_end INTEGER NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (ruling, document, byte_start, byte_end, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_ruling_claims_document ON event_ruling_claims (document);

CREATE TABLE event_state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    last_event INTEGER NOT NULL,        -- last key given to an event
    last_ruling INTEGER NOT NULL,       -- last id given to a ruling on events
    linked INTEGER NOT NULL,            -- documents up to this number are linked …
    upto INTEGER NOT NULL               -- … of those that were there before the store had events
) STRICT;
INSERT INTO event_state SELECT 1, 0, 0, 0, last_document FROM store;
