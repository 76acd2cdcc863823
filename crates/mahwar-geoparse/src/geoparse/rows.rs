//! Rows of the lexicon's CSV files, with errors that name file and line.

use super::lexicon::GeoparseError;
use crate::language::Language;

/// A CSV file with its header.
pub(super) struct Table {
    file: &'static str,
    header: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
}

pub(super) struct Row<'t> {
    header: &'t csv::StringRecord,
    record: &'t csv::StringRecord,
}

impl Table {
    pub(super) fn read(file: &'static str, text: &str) -> Result<Self, GeoparseError> {
        let error = |source| GeoparseError::Csv { file, source };
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        Ok(Self {
            file,
            header: reader.headers().map_err(error)?.clone(),
            rows: reader.records().collect::<Result<_, _>>().map_err(error)?,
        })
    }

    pub(super) fn map<T>(&self, make: impl Fn(&Row) -> Result<T, String>) -> Result<Vec<T>, GeoparseError> {
        self.rows
            .iter()
            .map(|record| {
                make(&Row {
                    header: &self.header,
                    record,
                })
                .map_err(|what| GeoparseError::Row {
                    file: self.file,
                    line: record.position().map_or(0, csv::Position::line),
                    what,
                })
            })
            .collect()
    }
}

impl Row<'_> {
    pub(super) fn get(&self, column: &str) -> Result<&str, String> {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| self.record.get(at))
            .ok_or_else(|| format!("the column {column} is missing"))
    }

    pub(super) fn language(&self) -> Result<Language, String> {
        self.get("lang")?
            .parse()
            .map_err(|error: crate::language::UnknownLanguage| error.to_string())
    }

    pub(super) fn list(&self, column: &str) -> Result<impl Iterator<Item = &str>, String> {
        Ok(self
            .get(column)?
            .split('|')
            .map(str::trim)
            .filter(|item| !item.is_empty()))
    }
}
