-- Counts, and what can be searched and put in order by an index, in a store in SQLite. Rows of documents that were there
-- before are filled in step by step afterwards; `store.counted` and `store.searchable` say how far that has come.

ALTER TABLE store ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;     -- number of the last document that is in counts
ALTER TABLE store ADD COLUMN searchable INTEGER NOT NULL DEFAULT 0;  -- number of the last document that is in document_words
ALTER TABLE store ADD COLUMN units INTEGER NOT NULL DEFAULT 0;       -- fingerprint of unit_table; 0 without one

-- Which units hold which places, as the counts have it: lines of a place, a tab, and its units with commas between.
CREATE TABLE unit_table (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    lines BLOB NOT NULL                 -- Zstandard
) STRICT;

-- Sums over documents. A document counts in its day, month, year and ever ('*'); without a date in '' and ever.
CREATE TABLE counts (
    dimension TEXT NOT NULL,            -- all, language, publisher, place, unit
    value TEXT NOT NULL,                -- which; empty for all
    kind TEXT NOT NULL,                 -- type of the claims that are counted; empty for everything
    speaker TEXT NOT NULL,              -- speaker of the claims that are counted; empty for everything
    period TEXT NOT NULL,
    documents INTEGER NOT NULL,         -- as ruled
    mentions INTEGER NOT NULL,
    claims INTEGER NOT NULL,
    killed INTEGER NOT NULL,
    read_documents INTEGER NOT NULL,    -- as the machine read them
    read_mentions INTEGER NOT NULL,
    read_claims INTEGER NOT NULL,
    read_killed INTEGER NOT NULL,
    PRIMARY KEY (dimension, value, kind, speaker, period)
) STRICT, WITHOUT ROWID;
CREATE INDEX counts_period ON counts (dimension, kind, speaker, period);

-- The date of the document beside what is put in order by it.
ALTER TABLE mentions ADD COLUMN published TEXT;
ALTER TABLE claims ADD COLUMN published TEXT;
CREATE INDEX mentions_published ON mentions (published, document, ordinal) WHERE shown IS NOT NULL;
CREATE INDEX claims_published ON claims (published, document, ordinal);
CREATE INDEX claims_kind ON claims (kind, published, document, ordinal);
CREATE INDEX claims_speaker ON claims (substr(speaker, 1, 200), document, ordinal) WHERE speaker IS NOT NULL;
CREATE INDEX documents_published ON documents (published, number);
CREATE INDEX documents_publisher ON documents (substr(publisher, 1, 200), number) WHERE publisher IS NOT NULL;

-- The folded words of title and text, each once; the rowid is the number of the document.
CREATE VIRTUAL TABLE document_words USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
