//! `mahwar table`: a table in, the same table with places out.

use super::{DataFolder, Failure};
use crate::{
    files::open_stream,
    formats::{self, Kind, Refusal},
    table::{self, Sink, Summary, TableError, Wanted},
    text::printable::escape,
};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::PathBuf,
};

/// Add places to a table: columns of names are resolved, columns of text are geoparsed
#[derive(Args)]
#[command(after_help = "Examples:\n  mahwar table incidents.csv -o placed.csv\n  \
mahwar table incidents.xlsx --places district,governorate --date day -o placed.csv --rejects rejected.csv\n  \
cat incidents.csv | mahwar table - --text description > placed.csv\n\
Reads CSV, TSV (any encoding and delimiter), XLSX and ODS; writes CSV in UTF-8 with the same rows in the same order.\n\
Columns are found by their names and their first 200 rows unless they are named. Added columns: place_id, place_name_ar,\n\
place_name_ckb, place_name_en, place_level, place_lon, place_lat, place_confidence, place_from (names or text),\n\
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
    /// File for rows that cannot be read: number, reason, cells; standard error has the reasons when not given
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    #[command(flatten)]
    data: DataFolder,
}

/// Writes CSV as rows come.
struct Written {
    rows: csv::Writer<Box<dyn Write>>,
    rejects: Option<csv::Writer<BufWriter<File>>>,
    bar: ProgressBar,
}

impl Sink for Written {
    fn header(&mut self, header: &[String]) -> io::Result<()> {
        if let Some(rejects) = &mut self.rejects {
            rejects
                .write_record(["row", "reason", "cells"])
                .map_err(io::Error::other)?;
        }
        self.rows.write_record(header).map_err(of_csv)
    }

    fn row(&mut self, row: &[String]) -> io::Result<()> {
        self.rows.write_record(row).map_err(of_csv)
    }

    fn reject(&mut self, number: u64, reason: &str, cells: &[String]) -> io::Result<()> {
        match &mut self.rejects {
            Some(rejects) => {
                let number = number.to_string();
                let cells = serde_json::to_string(cells).unwrap_or_default();
                rejects
                    .write_record([number.as_str(), reason, cells.as_str()])
                    .map_err(of_csv)
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

/// The error of the file below, so that a closed pipe is known as one.
fn of_csv(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

impl Table {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let table = self.open()?;
        let land = self.data.land()?;
        let wanted = Wanted {
            text: self.text.clone(),
            places: self.places.clone(),
            date: self.date.clone(),
        };
        let create = |path: &PathBuf| {
            File::create(path).map_err(|error| Failure::failed(format!("cannot write {}: {error}", path.display())))
        };
        let out: Box<dyn Write> = match &self.output {
            Some(path) => Box::new(BufWriter::new(create(path)?)),
            None => Box::new(BufWriter::new(io::stdout())),
        };
        let rejects = self.rejects.as_ref().map(create).transpose()?;
        let style = ProgressStyle::with_template("{spinner} {pos} rows, {per_sec}, {elapsed}");
        let mut written = Written {
            rows: csv::Writer::from_writer(out),
            rejects: rejects.map(|file| csv::Writer::from_writer(BufWriter::new(file))),
            bar: ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner())),
        };
        let Summary { rows, placed, rejected } =
            table::run(&land, table, &wanted, &mut written).map_err(|error| match error {
                TableError::Write(error) => Failure::output(error),
                other => Failure::input(other),
            })?;
        written.bar.finish_and_clear();
        written.rows.flush().map_err(Failure::output)?;
        if let Some(rejects) = &mut written.rejects {
            rejects.flush().map_err(Failure::output)?;
        }
        eprintln!("mahwar: {rows} rows, {placed} with a place, {rejected} rejected");
        match rejected {
            0 => Ok(()),
            _ => Err(Failure::failed(format!("{rejected} rows were rejected"))),
        }
    }

    fn open(&self) -> Result<formats::Table, Failure> {
        const HEAD: u64 = 64 * 1024;
        let shown = self.file.display().to_string();
        let unreadable = |error: io::Error| Failure::Input(format!("cannot read {shown}: {error}"));
        let mut source: Box<dyn Read + Send> = match self.file.as_os_str() == "-" {
            true => Box::new(io::stdin()),
            false => Box::new(open_stream(&self.file).map_err(unreadable)?),
        };
        let mut head = Vec::new();
        source.by_ref().take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
        let refused = |refusal: Refusal| Failure::Input(format!("{shown}: {refusal}"));
        let kind = match formats::detect(&head, Some(&shown), None) {
            // The end of a package lists what is in it.
            _ if head.starts_with(b"PK\x03\x04") => {
                source.read_to_end(&mut head).map_err(unreadable)?;
                formats::detect(&head, Some(&shown), None).map_err(refused)?
            }
            detected => detected.map_err(refused)?,
        };
        let is_tabs = shown.to_ascii_lowercase().ends_with(".tsv");
        let kind = if kind == Kind::Text { Kind::Csv } else { kind };
        formats::open_table(kind, Box::new(io::Cursor::new(head).chain(source)), is_tabs).map_err(refused)
    }
}
