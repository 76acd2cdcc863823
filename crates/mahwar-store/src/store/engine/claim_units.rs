//! Units of the regions that claims are about, as rows by document: "the disputed areas" are many units, of which the text
//! names none. With them the claims of a box are found by index. Rows of documents that an older version stored are
//! filled in by `build`, from the last document to the first.

use super::{
    Session, StoreError, read,
    write::{CLAIM_UNIT, Writer, insert_or},
};
use crate::geoparse::Parse;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// Documents of one transaction.
const BATCH: i64 = 200;

/// Ids of the places that mentions of a document name.
pub fn named(parse: &Parse) -> FxHashSet<&str> {
    let places = parse.mentions.iter().filter_map(|mention| mention.place.as_ref());
    places.map(|place| place.id.as_str()).collect()
}

/// Ids of the places of a document's claims that no mention names and no analyst gave: those have rows of their own.
pub fn of<'p>(parse: &'p Parse, named: &FxHashSet<&str>) -> BTreeSet<&'p str> {
    let read = parse.claims.iter().filter(|claim| claim.given.is_none());
    let ids = read.flat_map(|claim| claim.places.iter().map(|id| id.as_str()));
    ids.filter(|id| !named.contains(id)).collect()
}

/// Number of the last document that has no rows yet; 0 when all have.
pub fn unplaced(session: &mut dyn Session) -> Result<i64, StoreError> {
    let row = session.row("SELECT unplaced FROM store", &[])?;
    row.map_or(Ok(0), |row| row.int(0))
}

impl Writer<'_> {
    /// Adds the rows of the next documents without them; returns false when none are left.
    pub fn place_some(&mut self) -> Result<bool, StoreError> {
        let last = unplaced(self.session)?;
        if last <= 0 {
            return Ok(false);
        }
        let after = (last - BATCH).max(0);
        let sql = format!(
            "{} WHERE d.number > $1 AND d.number <= $2 ORDER BY d.number",
            read::DOCUMENTS
        );
        let documents = self.session.query(&sql, &[after.into(), last.into()])?;
        let mut rows = Vec::new();
        for document in &documents {
            // One that cannot be read has no features either.
            let Ok(stored) = read::stored(document, self.book) else {
                continue;
            };
            let number = document.int(0)?;
            let parse = &stored.read.parse;
            let units = of(parse, &named(parse));
            rows.extend(
                units
                    .into_iter()
                    .map(|unit| vec![unit.to_owned().into(), number.into()]),
            );
        }
        // A document that was written again meanwhile has its rows.
        insert_or(
            self.session,
            CLAIM_UNIT,
            rows,
            "ON CONFLICT (unit, document) DO NOTHING",
        )?;
        self.session
            .execute("UPDATE store SET unplaced = $1", &[after.into()])?;
        Ok(true)
    }

    /// Deletes all rows, so that `build` makes them again.
    pub fn forget_claim_units(&mut self) -> Result<(), StoreError> {
        self.session.execute("DELETE FROM claim_units", &[])?;
        let sql = "UPDATE store SET unplaced = $1";
        self.session.execute(sql, &[self.last_document.into()])?;
        Ok(())
    }
}
