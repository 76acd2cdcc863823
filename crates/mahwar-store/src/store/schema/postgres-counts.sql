-- Counts, and what can be searched and put in order by an index, in a store in PostgreSQL: as in SQLite. Rows of documents
-- that were there before are filled in step by step afterwards.

ALTER TABLE store ADD COLUMN counted integer NOT NULL DEFAULT 0;     -- number of the last document that is in counts
ALTER TABLE store ADD COLUMN searchable integer NOT NULL DEFAULT 0;  -- number of the last document that is in document_words
ALTER TABLE store ADD COLUMN units bigint NOT NULL DEFAULT 0;        -- fingerprint of unit_table; 0 without one

-- Which units hold which places, as the counts have it: lines of a place, a tab, and its units with commas between.
CREATE TABLE unit_table (
    one integer PRIMARY KEY CHECK (one = 1),
    lines bytea NOT NULL                -- Zstandard
);

-- Sums over documents. A document counts in its day, month, year and ever ('*'); without a date in '' and ever.
-- Rows are updated in place, so that some room is left on each page.
CREATE TABLE counts (
    dimension text COLLATE "C" NOT NULL,   -- all, language, publisher, place, unit
    value text COLLATE "C" NOT NULL,       -- which; empty for all
    kind text COLLATE "C" NOT NULL,        -- type of the claims that are counted; empty for everything
    speaker text COLLATE "C" NOT NULL,     -- speaker of the claims that are counted; empty for everything
    period text COLLATE "C" NOT NULL,
    documents bigint NOT NULL,             -- as ruled
    mentions bigint NOT NULL,
    claims bigint NOT NULL,
    killed bigint NOT NULL,
    read_documents bigint NOT NULL,        -- as the machine read them
    read_mentions bigint NOT NULL,
    read_claims bigint NOT NULL,
    read_killed bigint NOT NULL,
    PRIMARY KEY (dimension, value, kind, speaker, period)
) WITH (fillfactor = 80);
CREATE INDEX counts_period ON counts (dimension, kind, speaker, period, value);

-- The date of the document beside what is put in order by it.
ALTER TABLE mentions ADD COLUMN published text COLLATE "C";
ALTER TABLE claims ADD COLUMN published text COLLATE "C";
CREATE INDEX mentions_published ON mentions (published, document, ordinal) WHERE shown IS NOT NULL;
CREATE INDEX claims_published ON claims (published, document, ordinal);
CREATE INDEX claims_kind ON claims (kind, published, document, ordinal);
CREATE INDEX claims_speaker ON claims (substr(speaker, 1, 200), document, ordinal) WHERE speaker IS NOT NULL;
CREATE INDEX documents_published ON documents (published COLLATE "C", number);
CREATE INDEX documents_publisher ON documents (substr(publisher, 1, 200), number) WHERE publisher IS NOT NULL;

-- The folded words of title and text, each once.
CREATE TABLE document_words (
    document integer PRIMARY KEY REFERENCES documents (number),
    words tsvector NOT NULL
);
CREATE INDEX document_words_words ON document_words USING gin (words);
