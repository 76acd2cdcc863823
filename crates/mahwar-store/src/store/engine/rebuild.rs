//! Computes counts and indexes again from the rows.

use super::{StoreError, edits, write::Writer};

/// Counts by place and day: drawn as ruled, and drawn as the machine read.
const DAYS: &str = "INSERT INTO place_days (place, day, mentions, documents, read_mentions, read_documents)
     SELECT place, day, CAST(sum(mentions) AS BIGINT), CAST(sum(documents) AS BIGINT), CAST(sum(read_mentions) AS BIGINT),
     CAST(sum(read_documents) AS BIGINT) FROM (
     SELECT m.shown AS place, coalesce(d.day, '') AS day, count(*) AS mentions, count(DISTINCT m.document) AS documents,
     0 AS read_mentions, 0 AS read_documents
     FROM mentions m JOIN documents d ON d.number = m.document WHERE m.shown IS NOT NULL GROUP BY m.shown, coalesce(d.day, '')
     UNION ALL
     SELECT m.place, coalesce(d.day, ''), 0, 0, count(*), count(DISTINCT m.document)
     FROM mentions m JOIN documents d ON d.number = m.document JOIN places p ON p.key = m.place
     WHERE m.reading = 'literal' AND p.is_foreign = 0 AND m.document NOT IN (SELECT document FROM edited)
     GROUP BY m.place, coalesce(d.day, '')) AS sums
     WHERE place IN (SELECT key FROM places) GROUP BY place, day";
const TABLES: [&str; 18] = [
    "places",
    "documents",
    "parses",
    "originals",
    "document_details",
    "document_sources",
    "mentions",
    "claims",
    "claim_places",
    "claim_units",
    "rulings",
    "deletions",
    "events",
    "event_claims",
    "event_rulings",
    "event_ruling_claims",
    "edits",
    "edited",
];

impl Writer<'_> {
    /// Computes everything that follows from other rows.
    pub fn rebuild(&mut self, kind: &str) -> Result<(), StoreError> {
        match kind {
            "sqlite" => self.session.execute("REINDEX", &[]).map(drop)?,
            _ => {
                for table in TABLES {
                    self.session.execute(&format!("REINDEX TABLE {table}"), &[])?;
                }
            }
        }
        self.session.execute("DELETE FROM place_days", &[])?;
        self.session.execute(DAYS, &[])?;
        for number in edits::edited(self.session)? {
            if let Some(declared) = edits::declared(self.session, self.book, number)? {
                self.count_declared(&declared, 1)?;
            }
        }
        let totals =
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM rulings) + (SELECT count(*) FROM edits)";
        if let Some(row) = self.session.row(totals, &[])? {
            (self.documents, self.rulings) = (row.int(0)?, row.int(1)?);
        }
        self.forget_tallies()?;
        self.forget_claim_units()?;
        self.rebuild_events()?;
        // Servers read everything again.
        self.version += 1;
        Ok(())
    }
}
