//! Tables with places: columns of free text are geoparsed, columns of names are resolved together, dates are recognised.
//!
//! Rows come and go one by one, in order; a row that cannot be read is a reject with its reason.

mod open;
mod output;
mod plan;
mod row;

pub use open::{open, open_bytes};
pub(crate) use output::of_csv;
pub use output::{Layout, Output};
pub use plan::{ColumnChoice, Plan};
pub use row::{ADDED, NUMBERS};

use crate::{
    formats::{Refusal, Row, Table, is_tag_row},
    land::Land,
    text::printable::cut,
};
use row::Remembered;
use std::thread;

/// Rows that are worked on at a time.
const CHUNK: usize = 512;
/// Rows at the start by which columns with text, names and dates are detected.
const SAMPLE: usize = 200;

/// Result of reading a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows written.
    pub rows: u64,
    /// Rows with a place.
    pub placed: u64,
    /// Rows that could not be read.
    pub rejected: u64,
    /// How the dates were read, where that is a guess.
    pub date_remark: Option<String>,
    /// Which sheet of a workbook was read, where it has several.
    pub sheet_remark: Option<String>,
}

/// Output of rows.
pub trait Sink {
    /// Takes the header, once, before any row.
    fn header(&mut self, header: &[String]) -> std::io::Result<()>;
    /// Takes a row.
    fn row(&mut self, row: &[String]) -> std::io::Result<()>;
    /// Takes a row that cannot be read: its number, the reason, and its cells as far as they are known.
    fn reject(&mut self, number: u64, reason: &str, cells: &[String]) -> std::io::Result<()>;
    /// Called after each chunk with the number of rows that are done.
    fn progress(&mut self, _rows: u64) {}
    /// Asked now and then whether the work goes on: its error ends it.
    fn check(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Errors of a table that is not read.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum TableError {
    #[error(transparent)]
    Table(#[from] Refusal),
    #[error("{0}")]
    Columns(String),
    #[error("cannot write the table: {0}")]
    Write(#[from] std::io::Error),
}

/// Names the sheet of a workbook that was read, if others have rows too.
fn sheet_remark(table: &Table) -> Option<String> {
    let sheet = table.sheet.as_ref().filter(|_| !table.other_sheets.is_empty())?;
    let others: Vec<String> = table
        .other_sheets
        .iter()
        .map(|name| format!("{:?}", cut(name)))
        .collect();
    Some(format!(
        "the sheet {:?} was read; save each of the others as a workbook of its own to read it: {}",
        cut(sheet),
        others.join(", ")
    ))
}

/// Reads a table and writes it with the columns of [`ADDED`], on as many threads.
///
/// # Errors
/// When a requested column does not exist, no column has text or names, or the result cannot be written.
pub fn run(
    land: &Land,
    mut table: Table,
    wanted: &ColumnChoice,
    threads: usize,
    sink: &mut dyn Sink,
) -> Result<Summary, TableError> {
    let mut waiting: Vec<(u64, Result<Row, Refusal>)> = table.rows.by_ref().take(SAMPLE).collect();
    let tags = match waiting.first() {
        Some((number, Ok(row))) if is_tag_row(row) => Some(*number),
        _ => None,
    };
    let sample = waiting.iter().filter(|(number, _)| Some(*number) != tags);
    let sample: Vec<&Row> = sample.filter_map(|(_, row)| row.as_ref().ok()).collect();
    let plan = Plan::new(land, &table.header, &sample, wanted, &mut || sink.check())?;
    let mut header = table.header.clone();
    header.extend(plan.added(&table.header));
    sink.header(&header)?;
    let width = table.header.len();
    let mut summary = Summary {
        date_remark: plan.date.and_then(|date| date.remark(&table.header)),
        sheet_remark: sheet_remark(&table),
        ..Summary::default()
    };
    if let Some(row) = tags.and_then(|_| waiting.drain(..1).next())
        && let (_, Ok(mut row)) = row
    {
        // Tags describe the columns: they stay below the header.
        row.resize(header.len(), String::new());
        sink.row(&row)?;
    }
    let remembered = Remembered::default();
    loop {
        sink.check()?;
        let missing = CHUNK.saturating_sub(waiting.len());
        waiting.extend(table.rows.by_ref().take(missing));
        if waiting.is_empty() {
            return Ok(summary);
        }
        let chunk = std::mem::take(&mut waiting);
        for (number, cells, outcome) in work(land, &plan, &remembered, chunk, width, threads) {
            match outcome {
                Ok((added, is_placed)) => {
                    let mut cells = cells;
                    cells.extend(added);
                    sink.row(&cells)?;
                    summary.rows += 1;
                    summary.placed += u64::from(is_placed);
                }
                Err(reason) => {
                    sink.reject(number, &reason, &cells)?;
                    summary.rejected += 1;
                }
            }
        }
        sink.progress(summary.rows + summary.rejected);
    }
}

/// A parsed row: the cells to add and true if it has a place, or the reason why it cannot be read.
type Worked = (u64, Row, Result<(Row, bool), String>);

/// Works on rows; the results are in the order of the rows.
fn work(
    land: &Land,
    plan: &Plan,
    remembered: &Remembered,
    chunk: Vec<(u64, Result<Row, Refusal>)>,
    width: usize,
    threads: usize,
) -> Vec<Worked> {
    let one = |(number, row): (u64, Result<Row, Refusal>)| match row {
        Err(refusal) => (number, Row::new(), Err(refusal.to_string())),
        Ok(mut cells) => {
            let extra = cells.iter().skip(width).any(|cell| !cell.is_empty());
            if extra {
                let reason = format!("the row has {} cells, the header {width}", cells.len());
                return (number, cells, Err(reason));
            }
            // Trailing empty cells are often left out.
            cells.resize(width, String::new());
            let found = row::fill(land, plan, remembered, &cells);
            (number, cells, Ok(found))
        }
    };
    if threads <= 1 || chunk.len() < 8 {
        return chunk.into_iter().map(one).collect();
    }
    let share = chunk.len().div_ceil(threads);
    let mut parts = Vec::new();
    let mut rest = chunk.into_iter();
    loop {
        let part: Vec<_> = rest.by_ref().take(share).collect();
        if part.is_empty() {
            break;
        }
        parts.push(part);
    }
    thread::scope(|scope| {
        let workers: Vec<_> = parts
            .into_iter()
            .map(|part| scope.spawn(move || part.into_iter().map(one).collect::<Vec<_>>()))
            .collect();
        let done = workers.into_iter().map(|worker| match worker.join() {
            Ok(part) => part,
            Err(cause) => std::panic::resume_unwind(cause),
        });
        done.flatten().collect()
    })
}
