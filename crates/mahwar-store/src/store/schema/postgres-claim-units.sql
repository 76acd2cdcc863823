-- Places of claims by index, as in SQLite.

-- Units of the regions that a document's claims are about, such as "the disputed areas", where no mention names the unit.
CREATE TABLE claim_units (
    unit text COLLATE "C" NOT NULL,     -- id of the unit
    document integer NOT NULL,
    PRIMARY KEY (unit, document)
);
CREATE INDEX claim_units_document ON claim_units (document);
CREATE INDEX claim_places_place ON claim_places (place, document);

-- Documents up to this number have no rows in claim_units yet; 0 when all have.
ALTER TABLE store ADD COLUMN unplaced bigint NOT NULL DEFAULT 0;
UPDATE store SET unplaced = last_document;
