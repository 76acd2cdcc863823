//! Tables as rows of words: CSV and TSV as a stream, workbooks sheet by sheet.

use crate::{
    Kind, Refusal, encoding,
    limits::{MAX_RATIO, MAX_UNPACKED_BYTES},
    office::Package,
};
use calamine::{Data, Ods, Reader as _, Xlsx};
use std::io::{Cursor, Read};

/// Cells of one row, as words.
pub type Row = Vec<String>;

/// A table: its header and its rows.
pub struct Table {
    /// Names of the columns, each once; a column without a name is `column N`.
    pub header: Vec<String>,
    /// The rows after the header.
    pub rows: Rows,
    /// Format that it was read from.
    pub kind: Kind,
}

/// The rows of a table, each with its number (the header is row 1).
pub struct Rows(Box<dyn Iterator<Item = (u64, Result<Row, Refusal>)> + Send>);

impl Iterator for Rows {
    type Item = (u64, Result<Row, Refusal>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl Table {
    /// A table of rows that come from elsewhere.
    pub fn new(
        kind: Kind,
        header: Vec<String>,
        rows: impl Iterator<Item = (u64, Result<Row, Refusal>)> + Send + 'static,
    ) -> Self {
        Self {
            header: unique(header),
            rows: Rows(Box::new(rows)),
            kind,
        }
    }
}

/// Bytes at the start of a table from which its encoding and its delimiter are detected.
const HEAD: usize = 64 * 1024;

/// Opens a table of a kind. CSV is read as it comes; workbooks are read whole, and their first sheet with rows counts.
///
/// # Errors
/// When it has no header, or is no table of that kind.
pub fn open_table(kind: Kind, mut source: Box<dyn Read + Send>, tabs: bool) -> Result<Table, Refusal> {
    match kind {
        Kind::Csv | Kind::Text => csv_table(source, tabs),
        Kind::Xlsx | Kind::Ods => {
            let mut bytes = Vec::new();
            let most = crate::MAX_FILE_BYTES;
            let read = source.by_ref().take(most as u64 + 1).read_to_end(&mut bytes);
            read.map_err(|error| broken(kind, error.to_string()))?;
            if bytes.len() > most {
                return Err(Refusal::TooLarge {
                    kind: kind.name(),
                    bytes: bytes.len(),
                    most,
                });
            }
            workbook(kind, bytes)
        }
        other => Err(Refusal::Table(format!(
            "{} is no table; accepted: CSV, TSV, XLSX, ODS, Parquet",
            other.name()
        ))),
    }
}

fn broken(kind: Kind, cause: String) -> Refusal {
    Refusal::Broken {
        kind: kind.name(),
        cause,
    }
}

fn csv_table(mut source: Box<dyn Read + Send>, tabs: bool) -> Result<Table, Refusal> {
    let kind = Kind::Csv;
    let mut head = Vec::new();
    source
        .by_ref()
        .take(HEAD as u64)
        .read_to_end(&mut head)
        .map_err(|error| broken(kind, error.to_string()))?;
    let whole_letters = match std::str::from_utf8(&head) {
        Ok(_) => head.len(),
        // A letter may be cut by the end of the head.
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Err(_) => 0,
    };
    let is_utf8 = whole_letters + 4 > head.len() && !head.starts_with(b"\xff\xfe") && !head.starts_with(b"\xfe\xff");
    let (text_head, source): (String, Box<dyn Read + Send>) = if is_utf8 {
        let text = String::from_utf8_lossy(&head[..whole_letters]).into_owned();
        let skip = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        head.drain(..skip);
        (text, Box::new(Cursor::new(head).chain(source)))
    } else {
        let most = crate::MAX_FILE_BYTES;
        source
            .take((most - HEAD) as u64)
            .read_to_end(&mut head)
            .map_err(|error| broken(kind, error.to_string()))?;
        let decoded = encoding::decode(&head, None)?;
        (
            decoded.text.chars().take(HEAD).collect(),
            Box::new(Cursor::new(decoded.text.into_bytes())),
        )
    };
    let delimiter = if tabs {
        b'\t'
    } else {
        crate::sheet::likely_delimiter(&text_head).unwrap_or(b',')
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(source);
    let mut record = csv::ByteRecord::new();
    let has_header = reader
        .read_byte_record(&mut record)
        .map_err(|error| broken(kind, error.to_string()))?;
    if !has_header {
        return Err(Refusal::Table("the table has no header: it is empty".to_owned()));
    }
    let header = record.iter().map(words).collect::<Result<Vec<_>, _>>()?;
    let mut number = 1;
    let rows = std::iter::from_fn(move || {
        let mut record = csv::ByteRecord::new();
        number += 1;
        match reader.read_byte_record(&mut record) {
            Ok(false) => None,
            Ok(true) => Some((number, record.iter().map(words).collect())),
            Err(error) => Some((number, Err(broken(kind, error.to_string())))),
        }
    });
    Ok(Table::new(kind, header, rows))
}

fn words(cell: &[u8]) -> Result<String, Refusal> {
    match std::str::from_utf8(cell) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}').to_owned()),
        Err(error) => Err(Refusal::Encoding(error.valid_up_to())),
    }
}

fn workbook(kind: Kind, bytes: Vec<u8>) -> Result<Table, Refusal> {
    check_package(kind, &bytes)?;
    let cursor = Cursor::new(bytes);
    let sheets: Vec<calamine::Range<Data>> = match kind {
        Kind::Ods => {
            let mut book: Ods<_> = calamine::open_workbook_from_rs(cursor)
                .map_err(|error: calamine::OdsError| broken(kind, error.to_string()))?;
            book.worksheets().into_iter().map(|(_, sheet)| sheet).collect()
        }
        _ => {
            let mut book: Xlsx<_> = calamine::open_workbook_from_rs(cursor)
                .map_err(|error: calamine::XlsxError| broken(kind, error.to_string()))?;
            book.worksheets().into_iter().map(|(_, sheet)| sheet).collect()
        }
    };
    let sheet = sheets.into_iter().find(|sheet| sheet.height() > 1);
    let Some(sheet) = sheet else {
        return Err(Refusal::Table("no sheet has a header and a row".to_owned()));
    };
    let mut rows: Vec<Row> = sheet.rows().map(|row| row.iter().map(cell).collect()).collect();
    let first = sheet.start().map_or(1, |(row, _)| u64::from(row) + 1);
    let header = rows.remove(0);
    let rows = rows
        .into_iter()
        .enumerate()
        .map(move |(at, row)| (first + 1 + at as u64, Ok(row)));
    Ok(Table::new(kind, header, rows))
}

/// The sizes of everything in a workbook, before a library unpacks it.
fn check_package(kind: Kind, bytes: &[u8]) -> Result<(), Refusal> {
    let mut package = Package::open(kind.name(), bytes)?;
    let names: Vec<String> = package.names().map(str::to_owned).collect();
    for name in names {
        if name.to_ascii_lowercase().ends_with("vbaproject.bin") {
            return Err(Refusal::Unsafe {
                kind: kind.name(),
                cause: "it holds macros; save it without them (XLSX instead of XLSM)".to_owned(),
            });
        }
        // Only the unpacked size is counted; the contents are not kept.
        if name.ends_with(".xml") || name.ends_with(".rels") {
            let part = package.read(&name)?.unwrap_or_default();
            if memchr::memmem::find(&part, b"<!DOCTYPE").is_some() {
                return Err(Refusal::Unsafe {
                    kind: kind.name(),
                    cause: "its XML has a document type, which could name files and entities that grow without end"
                        .to_owned(),
                });
            }
        }
    }
    let _ = (MAX_RATIO, MAX_UNPACKED_BYTES);
    Ok(())
}

/// A cell in words: whole numbers without a point, dates as RFC 3339.
fn cell(value: &Data) -> String {
    match value {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::Float(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::DateTime(moment) => date(moment.as_f64()),
        Data::Error(error) => error.to_string(),
    }
}

/// A date of a workbook: days since 30 December 1899, and parts of a day.
fn date(serial: f64) -> String {
    let epoch = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    let seconds = (serial * 86_400.0).round();
    if !(0.0..=2_958_466.0 * 86_400.0).contains(&seconds) {
        return serial.to_string();
    }
    match epoch.checked_add(jiff::Span::new().seconds(seconds as i64)) {
        Ok(moment) if serial.fract() == 0.0 => moment.date().to_string(),
        Ok(moment) => moment.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => serial.to_string(),
    }
}

/// Names of columns, each once.
fn unique(header: Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    let mut known = rustc_hash::FxHashSet::default();
    for (at, name) in header.into_iter().enumerate() {
        let name = name.trim().to_owned();
        let name = if name.is_empty() {
            format!("column {}", at + 1)
        } else {
            name
        };
        let mut own = name.clone();
        let mut next = 2;
        while !known.insert(own.clone()) {
            own = format!("{name} {next}");
            next += 1;
        }
        names.push(own);
    }
    names
}
