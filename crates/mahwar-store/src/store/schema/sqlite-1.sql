-- Schema 1 of a store in SQLite. Nothing is ever deleted.

CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,           -- counts one up with each change
    last_document INTEGER NOT NULL,     -- last number given to a document
    last_ruling INTEGER NOT NULL,       -- last id given to a ruling
    places_revision INTEGER NOT NULL    -- counts one up when a place is added or changed
) STRICT;
INSERT INTO store VALUES (1, 0, 0, 0, 0);

CREATE TABLE places (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,            -- gazetteer id
    level TEXT NOT NULL,
    is_foreign INTEGER NOT NULL,        -- 1 outside the land: never drawn
    lon REAL NOT NULL,
    lat REAL NOT NULL,
    name_ar TEXT,
    name_ckb TEXT,
    name_en TEXT,
    same_as TEXT NOT NULL,              -- JSON: the place elsewhere
    revision INTEGER NOT NULL
) STRICT;

CREATE INDEX places_revision ON places (revision);

CREATE TABLE documents (
    number INTEGER PRIMARY KEY,         -- order of arrival
    id TEXT NOT NULL UNIQUE,            -- first 16 digits of sha256
    version INTEGER NOT NULL UNIQUE,    -- the change that last touched it
    sha256 BLOB NOT NULL,
    added TEXT NOT NULL,                -- RFC 3339, UTC
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    source_url TEXT,
    publisher TEXT,
    published TEXT,
    day TEXT,                           -- first ten letters of published
    text TEXT NOT NULL
) STRICT;
CREATE INDEX documents_day ON documents (day) WHERE day IS NOT NULL;

-- Beside the text and not in its row: the two together would fill half a page and leave the other half empty.
CREATE TABLE parses (
    document INTEGER PRIMARY KEY REFERENCES documents (number),
    parse BLOB NOT NULL                 -- what was found: JSON with short keys, Zstandard
) STRICT;

CREATE TABLE originals (
    document INTEGER PRIMARY KEY REFERENCES documents (number),
    media_type TEXT NOT NULL,
    bytes BLOB NOT NULL                 -- Zstandard
) STRICT;

CREATE TABLE mentions (
    document INTEGER NOT NULL REFERENCES documents (number),
    ordinal INTEGER NOT NULL,           -- 3 for mention m3
    byte_start INTEGER NOT NULL,
    byte_end INTEGER NOT NULL,
    cp_start INTEGER NOT NULL,          -- code points
    cp_end INTEGER NOT NULL,
    utf16_start INTEGER NOT NULL,
    utf16_end INTEGER NOT NULL,
    quote TEXT NOT NULL,                -- the name as it stands in the text
    place INTEGER REFERENCES places (key),   -- as the machine read it
    level TEXT,
    reading TEXT NOT NULL,
    confidence REAL NOT NULL,
    ruled TEXT,                         -- the verdict in force
    shown INTEGER REFERENCES places (key),   -- where it is drawn, as ruled
    PRIMARY KEY (document, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_shown ON mentions (shown) WHERE shown IS NOT NULL;
CREATE INDEX mentions_ruled ON mentions (ruled) WHERE ruled IS NOT NULL;

CREATE TABLE claims (
    document INTEGER NOT NULL REFERENCES documents (number),
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    byte_start INTEGER NOT NULL,
    byte_end INTEGER NOT NULL,
    cp_start INTEGER NOT NULL,
    cp_end INTEGER NOT NULL,
    utf16_start INTEGER NOT NULL,
    utf16_end INTEGER NOT NULL,
    speaker TEXT,
    PRIMARY KEY (document, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim_places (
    document INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    place INTEGER NOT NULL REFERENCES places (key),
    PRIMARY KEY (document, claim, ordinal),
    FOREIGN KEY (document, claim) REFERENCES claims (document, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE place_days (
    place INTEGER NOT NULL REFERENCES places (key),
    day TEXT NOT NULL,                  -- empty for documents without a date
    mentions INTEGER NOT NULL,          -- drawn, as ruled
    documents INTEGER NOT NULL,
    read_mentions INTEGER NOT NULL,     -- drawn, as the machine read them
    read_documents INTEGER NOT NULL,
    PRIMARY KEY (place, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE rulings (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents (number),
    byte_start INTEGER NOT NULL,
    byte_end INTEGER NOT NULL,
    verdict TEXT NOT NULL,              -- accept, reject, move, associative, undo
    place INTEGER REFERENCES places (key),   -- for move
    undoes INTEGER REFERENCES rulings (id),  -- for undo
    author TEXT NOT NULL,
    reason TEXT,
    time TEXT NOT NULL                  -- RFC 3339, UTC
) STRICT;
CREATE INDEX rulings_document ON rulings (document);

-- For other programs: each drawn mention with its point, its words and its document.
CREATE VIEW mention_points AS
SELECT d.id AS document, m.ordinal, m.quote, m.cp_start AS start, m.cp_end AS "end", p.id AS place,
    p.name_ar, p.name_ckb, p.name_en, p.level, m.reading, m.confidence, m.ruled, p.lon, p.lat, d.day, d.title
FROM mentions m JOIN documents d ON d.number = m.document JOIN places p ON p.key = m.shown;

CREATE VIEW claim_quotes AS
SELECT d.id AS document, c.ordinal, c.kind, c.status, c.speaker,
    substr(d.text, c.cp_start + 1, c.cp_end - c.cp_start) AS quote, d.day, d.title
FROM claims c JOIN documents d ON d.number = c.document;
