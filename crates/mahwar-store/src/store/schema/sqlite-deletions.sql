-- Deleted texts are known again in slightly other bytes: with other blanks, line ends, capitals or invisible characters.

-- SHA-256 of the words of the text, as the index of words folds them; null in tombstones from before it was recorded.
ALTER TABLE deletions ADD COLUMN words BLOB;
CREATE INDEX deletions_words ON deletions (words);
