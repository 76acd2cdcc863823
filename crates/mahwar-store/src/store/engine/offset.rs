//! The document at an offset in the order of arrival, without reading those before it.

use super::{Session, StoreError};

/// The number of the `nth` document, from 1; `None` beyond the last.
pub fn number(session: &mut dyn Session, nth: i64) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT documents, last_document, (SELECT count(*) FROM deletions) FROM store";
    let row = session.row(sql, &[])?;
    let row = row.ok_or_else(|| StoreError::Broken("the store row is missing".to_owned()))?;
    let (documents, last, deleted) = (row.int(0)?, row.int(1)?, row.int(2)?);
    if nth < 1 || nth > documents {
        return Ok(None);
    }
    if last - documents != deleted {
        // Numbers are missing for which there is no tombstone: the rows are passed over one by one.
        let sql = "SELECT number FROM documents ORDER BY number LIMIT 1 OFFSET $1";
        let row = session.row(sql, &[(nth - 1).into()])?;
        return row.map(|row| row.int(0)).transpose();
    }
    // As many numbers were given out up to a document as there are documents and tombstones.
    let (mut low, mut high) = (nth, nth + deleted);
    while low < high {
        let middle = low + (high - low) / 2;
        let sql = "SELECT count(*) FROM deletions WHERE number <= $1";
        let row = session.row(sql, &[middle.into()])?;
        let gone = row.map_or(Ok(0), |row| row.int(0))?;
        match middle - gone < nth {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    Ok(Some(low))
}
