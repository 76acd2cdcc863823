//! Output of a table: CSV or Parquet.

use super::NUMBERS;
use crate::export::{ParquetTable, harmless_cell};
use std::io::{self, Write};

/// The format of a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Layout {
    /// Comma-separated values in UTF-8
    #[default]
    Csv,
    /// Apache Parquet: texts, and numbers where a column that was added holds them
    Parquet,
}

/// Writes rows as they come.
pub struct Output<W: Write + Send> {
    written: TableFormat<W>,
}

enum TableFormat<W: Write + Send> {
    Csv(csv::Writer<W>),
    /// Parquet names its columns before anything else.
    Waiting(Option<W>),
    Parquet(ParquetTable<W>),
}

impl<W: Write + Send> Output<W> {
    /// A table in a format.
    pub fn new(layout: Layout, out: W) -> Self {
        let written = match layout {
            Layout::Csv => TableFormat::Csv(csv::Writer::from_writer(out)),
            Layout::Parquet => TableFormat::Waiting(Some(out)),
        };
        Self { written }
    }

    /// Takes the names of the columns, once, before any row.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn header(&mut self, header: &[String]) -> io::Result<()> {
        match &mut self.written {
            TableFormat::Csv(csv) => csv
                .write_record(header.iter().map(|cell| harmless(cell)))
                .map_err(of_csv),
            TableFormat::Waiting(out) => {
                let out = out.take().ok_or_else(|| io::Error::other("the table has begun"))?;
                let is_number = |name: &str| NUMBERS.contains(&name.trim_start_matches("mahwar_"));
                let added = header.len().saturating_sub(super::ADDED.len());
                let columns = header.iter().enumerate();
                let columns = columns.map(|(at, name)| (name.clone(), at >= added && is_number(name)));
                let columns: Vec<_> = columns.collect();
                self.written = TableFormat::Parquet(ParquetTable::new(out, &columns)?);
                Ok(())
            }
            TableFormat::Parquet(_) => Err(io::Error::other("the table has begun")),
        }
    }

    /// Takes a row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row(&mut self, row: &[String]) -> io::Result<()> {
        match &mut self.written {
            TableFormat::Csv(csv) => csv.write_record(row.iter().map(|cell| harmless(cell))).map_err(of_csv),
            TableFormat::Parquet(table) => table.row(row),
            TableFormat::Waiting(_) => Err(io::Error::other("a row before the header")),
        }
    }

    /// Ends the table.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<W> {
        match self.written {
            TableFormat::Csv(csv) => csv.into_inner().map_err(|error| error.into_error()),
            TableFormat::Parquet(table) => table.finish(),
            TableFormat::Waiting(_) => Err(io::Error::other("a table without a header")),
        }
    }
}

/// A cell that a spreadsheet takes for no formula; a number stays as it is.
fn harmless(cell: &str) -> String {
    let is_number = || cell.parse::<f64>().is_ok_and(f64::is_finite);
    match cell.starts_with(['-', '+']) && is_number() {
        true => cell.to_owned(),
        false => harmless_cell(cell.to_owned()),
    }
}

/// The error of the file below, so that a closed pipe is known as one.
pub(crate) fn of_csv(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
