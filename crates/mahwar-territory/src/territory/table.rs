//! Reading hand-written tables: errors name the file and the row.

use serde::de::DeserializeOwned;

/// Error of a row of a hand-written table.
#[derive(Debug, thiserror::Error)]
#[error("{file}, row {row}: {what}")]
pub struct TableError {
    /// File in the data folder.
    pub file: &'static str,
    /// Line number as an editor counts when no cell contains a line break; the header is row 1.
    pub row: usize,
    /// The fault, and the accepted values.
    pub what: String,
}

/// The rows of a table with their numbers. The columns must be exactly the fields of `Row`.
pub fn read<Row: DeserializeOwned>(file: &'static str, text: &str) -> Result<Vec<(usize, Row)>, TableError> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let rows = reader.deserialize().zip(2..);
    rows.map(|(row, number)| match row {
        Ok(row) => Ok((number, row)),
        Err(error) => Err(TableError {
            file,
            row: number,
            what: error.to_string(),
        }),
    })
    .collect()
}

/// The items of a cell that lists several, separated by `|`.
pub fn list(cell: &str) -> Vec<String> {
    cell.split('|')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}
