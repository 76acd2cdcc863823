-- Events of a store in PostgreSQL: claims that appear to be about the same thing, and the decisions of analysts on them.

CREATE TABLE events (
    key bigint PRIMARY KEY,             -- order of its making
    version bigint NOT NULL,            -- the store's version when it last changed
    claims bigint NOT NULL,             -- how many it has
    ruled smallint NOT NULL             -- 0 no; 1 an analyst decided on a claim of it; 2 an analyst joined it
);

CREATE TABLE event_claims (
    document integer NOT NULL REFERENCES documents (number),
    claim integer NOT NULL,             -- position among the claims of the document
    event bigint NOT NULL REFERENCES events (key),
    kind text NOT NULL,
    cell bigint NOT NULL,               -- of a grid of one degree
    day_first integer NOT NULL,         -- days since 1970-01-01
    day_last integer NOT NULL,
    byte_start integer NOT NULL,
    byte_end integer NOT NULL,
    score integer,                      -- hundredths; null for the first claim of an event
    reasons text NOT NULL,              -- JSON: why it was linked
    account text NOT NULL,              -- JSON: everything by which it is compared and shown
    sketch bytea NOT NULL,
    PRIMARY KEY (document, claim)
);
CREATE INDEX event_claims_near ON event_claims (kind, cell, day_first);
CREATE INDEX event_claims_event ON event_claims (event);

CREATE TABLE event_rulings (
    id bigint PRIMARY KEY,
    version bigint NOT NULL UNIQUE,
    verdict text NOT NULL,              -- join, split, undo
    undoes bigint REFERENCES event_rulings (id),
    author text NOT NULL,
    reason text,
    time text NOT NULL                  -- RFC 3339, UTC
);

-- Claims by their spans, which outlive a new parse.
CREATE TABLE event_ruling_claims (
    ruling bigint NOT NULL REFERENCES event_rulings (id),
    side smallint NOT NULL,             -- of a split: 0 for those that were taken out, 1 for the others
    document integer NOT NULL REFERENCES documents (number),
    byte_start integer NOT NULL,
    byte_end integer NOT NULL,
    kind text NOT NULL,
    PRIMARY KEY (ruling, document, byte_start, byte_end, kind)
);
CREATE INDEX event_ruling_claims_document ON event_ruling_claims (document);

CREATE TABLE event_state (
    one integer PRIMARY KEY CHECK (one = 1),
    last_event bigint NOT NULL,         -- last key given to an event
    last_ruling bigint NOT NULL,        -- last id given to a ruling on events
    linked bigint NOT NULL,             -- documents up to this number are linked …
    upto bigint NOT NULL                -- … of those that were there before the store had events
);
INSERT INTO event_state SELECT 1, 0, 0, 0, last_document FROM store;
