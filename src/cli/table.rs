//! `mahwar table`: a table in, the same table with places out.

use super::{DataFolder, Failure};
use crate::{
    files::open_stream,
    formats,
    table::{self, ColumnChoice, Layout, Output, Sink, Summary, TableError},
    text::printable::escape,
};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    num::NonZero,
    path::PathBuf,
    thread,
};

/// Add places to a table: columns of names are resolved, columns of text are geoparsed
#[derive(Args)]
#[command(after_help = "Examples:\n  mahwar table incidents.csv -o placed.csv\n  \
mahwar table incidents.xlsx --places district,governorate --date day -o placed.csv --rejects rejected.csv\n  \
cat incidents.csv | mahwar table - --text description > placed.csv\n  \
mahwar table incidents.parquet -o placed.parquet\n\
Reads CSV, TSV (any encoding and delimiter), XLSX, ODS and Parquet; writes CSV in UTF-8 or Parquet, with the same rows in the same order.\n\
Columns are found by their names and their first 200 rows unless they are named. Added columns: place_id, place_name_ar,\n\
place_name_ckb, place_name_en, place_level, place_lon, place_lat, place_confidence, place_from (names, text or code),\n\
place_candidates, text_places, text_quotes, position_kind, position_lon, position_lat, position_uncertainty_km (where the\n\
text says it: 20 km south of a place), time_from, time_to (resolved against the date of the row), date_iso. A name that means several places gets candidates and no place.")]
pub(super) struct Table {
    /// Table; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Columns with free text, with commas between
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    text: Vec<String>,
    /// Columns with names of places, with commas between, coarse to fine or fine to coarse
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    places: Vec<String>,
    /// Column with the date
    #[arg(long, value_name = "COLUMN")]
    date: Option<String>,
    /// Result; standard output when not given
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Format of the result; when not given, Parquet for an output that ends in .parquet, else CSV
    #[arg(long, value_name = "FORMAT")]
    format: Option<Layout>,
    /// File for rows that cannot be read: number, reason, cells; standard error has the reasons when not given
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    #[command(flatten)]
    data: DataFolder,
}

/// Writes rows as they come.
struct TableWriter {
    rows: Output<Box<dyn Write + Send>>,
    rejects: Option<csv::Writer<BufWriter<File>>>,
    bar: ProgressBar,
}

impl Sink for TableWriter {
    fn header(&mut self, header: &[String]) -> io::Result<()> {
        if let Some(rejects) = &mut self.rejects {
            rejects
                .write_record(["row", "reason", "cells"])
                .map_err(io::Error::other)?;
        }
        self.rows.header(header)
    }

    fn row(&mut self, row: &[String]) -> io::Result<()> {
        self.rows.row(row)
    }

    fn reject(&mut self, number: u64, reason: &str, cells: &[String]) -> io::Result<()> {
        match &mut self.rejects {
            Some(rejects) => {
                let number = number.to_string();
                let cells = serde_json::to_string(cells).unwrap_or_default();
                rejects
                    .write_record([number.as_str(), reason, cells.as_str()])
                    .map_err(table::of_csv)
            }
            None => {
                eprintln!("mahwar: row {number}: {}", escape(reason));
                Ok(())
            }
        }
    }

    fn progress(&mut self, rows: u64) {
        self.bar.set_position(rows);
    }
}

impl Table {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let table = self.open()?;
        let land = self.data.land()?;
        let wanted = ColumnChoice {
            text: self.text.clone(),
            places: self.places.clone(),
            date: self.date.clone(),
        };
        let create = |path: &PathBuf| {
            File::create(path).map_err(|error| Failure::failed(format!("cannot write {}: {error}", path.display())))
        };
        let out: Box<dyn Write + Send> = match &self.output {
            Some(path) => Box::new(BufWriter::new(create(path)?)),
            None => Box::new(BufWriter::new(io::stdout())),
        };
        let rejects = self.rejects.as_ref().map(create).transpose()?;
        let style = ProgressStyle::with_template("{spinner} {pos} rows, {per_sec}, {elapsed}");
        let mut written = TableWriter {
            rows: Output::new(self.layout(), out),
            rejects: rejects.map(|file| csv::Writer::from_writer(BufWriter::new(file))),
            bar: ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner())),
        };
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let Summary {
            rows,
            placed,
            rejected,
            date_remark,
            sheet_remark,
        } = table::run(&land, table, &wanted, threads, &mut written).map_err(|error| match error {
            TableError::Write(error) => Failure::output(error),
            other => Failure::input(other),
        })?;
        written.bar.finish_and_clear();
        written
            .rows
            .finish()
            .and_then(|mut out| out.flush())
            .map_err(Failure::output)?;
        if let Some(rejects) = &mut written.rejects {
            rejects.flush().map_err(Failure::output)?;
        }
        for remark in [sheet_remark, date_remark].into_iter().flatten() {
            eprintln!("mahwar: {}", escape(&remark));
        }
        eprintln!("mahwar: {rows} rows, {placed} with a place, {rejected} rejected");
        match rejected {
            0 => Ok(()),
            _ => Err(Failure::failed(format!("{rejected} rows were rejected"))),
        }
    }

    fn layout(&self) -> Layout {
        let is_parquet = |path: &PathBuf| {
            path.extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"))
        };
        match (self.format, &self.output) {
            (Some(format), _) => format,
            (None, Some(path)) if is_parquet(path) => Layout::Parquet,
            (None, _) => Layout::Csv,
        }
    }

    fn open(&self) -> Result<formats::Table, Failure> {
        let shown = self.file.display().to_string();
        let unreadable = |error: io::Error| Failure::Input(format!("cannot read {shown}: {error}"));
        let source: Box<dyn Read + Send> = match self.file.as_os_str() == "-" {
            true => Box::new(io::stdin()),
            false => Box::new(open_stream(&self.file).map_err(unreadable)?),
        };
        table::open(&shown, source).map_err(|refusal| Failure::Input(format!("{shown}: {refusal}")))
    }
}
