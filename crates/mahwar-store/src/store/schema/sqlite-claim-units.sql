-- Places of claims by index: a box is looked for among claims without reading their documents. Rows of documents that were
-- there before are filled in step by step afterwards; `store.unplaced` says how many are left.

-- Units of the regions that a document's claims are about, such as "the disputed areas", where no mention names the unit.
CREATE TABLE claim_units (
    unit TEXT NOT NULL,                 -- id of the unit
    document INTEGER NOT NULL,
    PRIMARY KEY (unit, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_units_document ON claim_units (document);
CREATE INDEX claim_places_place ON claim_places (place, document);

-- Documents up to this number have no rows in claim_units yet; 0 when all have.
ALTER TABLE store ADD COLUMN unplaced INTEGER NOT NULL DEFAULT 0;
UPDATE store SET unplaced = last_document;
