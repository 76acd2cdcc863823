-- Indexes for orders and filters that read whole tables before: claims of a speaker by date, confident mentions,
-- documents of a language, and facets of types and speakers within a period.

CREATE INDEX claims_said ON claims (substr(speaker, 1, 200), published, document, ordinal) WHERE speaker IS NOT NULL;
CREATE INDEX mentions_confidence ON mentions (confidence, document) WHERE shown IS NOT NULL;
CREATE INDEX documents_language ON documents (language, number);
CREATE INDEX counts_kinds ON counts (dimension, value, period, kind) WHERE speaker = '' AND kind > '';
CREATE INDEX counts_speakers ON counts (dimension, value, period, kind, speaker) WHERE speaker > '';
