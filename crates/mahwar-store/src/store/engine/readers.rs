//! Documents that another reader read than the present one.

use super::{Session, StoreError};

/// Two ranges and a check for null, so that the index answers, in no time where all documents are up to date.
const OUTDATED: [&str; 3] = ["reader < $1", "reader > $1", "reader IS NULL"];

pub fn outdated(session: &mut dyn Session, reader: i64) -> Result<u64, StoreError> {
    let mut sum = 0;
    for (condition, takes_reader) in OUTDATED.into_iter().zip([true, true, false]) {
        let sql = format!("SELECT count(*) FROM parses WHERE {condition}");
        let values = [reader.into()];
        let row = session.row(&sql, if takes_reader { &values } else { &[] })?;
        sum += row.map_or(Ok(0), |row| row.int(0))?;
    }
    Ok(sum.try_into().unwrap_or(0))
}

/// A document whose parse is missing is among them.
pub fn outdated_after(
    session: &mut dyn Session,
    reader: i64,
    number: i64,
    limit: usize,
) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT d.number FROM documents d LEFT JOIN parses p ON p.document = d.number
         WHERE d.number > $1 AND (p.reader IS NULL OR p.reader <> $2) ORDER BY d.number LIMIT $3";
    let rows = session.query(sql, &[number.into(), reader.into(), limit.min(1 << 20).into()])?;
    rows.iter().map(|row| row.int(0)).collect()
}
