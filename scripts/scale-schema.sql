-- How documents and counts are laid out beyond one machine: partitions by day of arrival, ids unique in a table of their own,
-- no reference across partitions. The distribution key of Citus is `arrived` for rows and `value` for counts; every statement of
-- a writer touches one day, so that no transaction on the hot path crosses shards (docs/scale-out.md).

-- An id is taken here first: what is unique over all days cannot be a constraint of a table that is parted by day.
CREATE TABLE document_ids (
    id text COLLATE "C" PRIMARY KEY,
    number bigint NOT NULL,
    arrived date NOT NULL               -- leads to the partition
) PARTITION BY HASH (id);

CREATE TABLE documents (
    arrived date NOT NULL,
    number bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    title text NOT NULL,
    language text NOT NULL,
    publisher text,
    published text COLLATE "C",
    text text COMPRESSION lz4 NOT NULL,
    PRIMARY KEY (arrived, number)
) PARTITION BY RANGE (arrived);
CREATE INDEX documents_published ON documents (published, number);

CREATE TABLE claims (
    arrived date NOT NULL,
    document bigint NOT NULL,
    ordinal integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    speaker text COLLATE "C",
    published text COLLATE "C",
    place text COLLATE "C",
    PRIMARY KEY (arrived, document, ordinal)
) PARTITION BY RANGE (arrived);
CREATE INDEX claims_published ON claims (published DESC, document, ordinal);
CREATE INDEX claims_kind ON claims (kind, published DESC);

CREATE TABLE counts (
    dimension text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    speaker text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    documents bigint NOT NULL,
    mentions bigint NOT NULL,
    claims bigint NOT NULL,
    killed bigint NOT NULL,
    PRIMARY KEY (dimension, value, kind, speaker, period)
) PARTITION BY HASH (value);
CREATE INDEX counts_period ON counts (dimension, kind, speaker, period, value);
