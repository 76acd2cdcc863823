-- Indexes for orders and filters that read whole tables before: as in SQLite.

-- Speakers in the order of their bytes, as every other text is sorted.
DROP INDEX claims_speaker;
CREATE INDEX claims_speaker ON claims ((substr(speaker, 1, 200) COLLATE "C"), document, ordinal) WHERE speaker IS NOT NULL;
CREATE INDEX claims_said ON claims ((substr(speaker, 1, 200) COLLATE "C"), published, document, ordinal)
    WHERE speaker IS NOT NULL;
CREATE INDEX mentions_confidence ON mentions (confidence, document) WHERE shown IS NOT NULL;
CREATE INDEX documents_language ON documents (language, number);
CREATE INDEX counts_kinds ON counts (dimension, value, period, kind) WHERE speaker = '' AND kind > '';
CREATE INDEX counts_speakers ON counts (dimension, value, period, kind, speaker) WHERE speaker > '';
