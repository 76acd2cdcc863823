//! Tables as rows of words: CSV and TSV as a stream, workbooks sheet by sheet.

use crate::{Kind, Refusal, encoding};
use std::{
    io::{Cursor, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

mod workbook;

pub use workbook::{Sheet, day_of_serial, open_sheets};

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
    /// Name of the sheet that it was read from, if it comes from a workbook.
    pub sheet: Option<String>,
    /// Names of the other sheets of the workbook that have rows.
    pub other_sheets: Vec<String>,
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
    ///
    /// # Errors
    /// When it has more than [`MAX_COLUMNS`].
    pub fn new(
        kind: Kind,
        header: Vec<String>,
        rows: impl Iterator<Item = (u64, Result<Row, Refusal>)> + Send + 'static,
    ) -> Result<Self, Refusal> {
        if header.len() > MAX_COLUMNS {
            return Err(Refusal::Table(format!(
                "the table has {} columns; at most {MAX_COLUMNS} are accepted",
                header.len()
            )));
        }
        Ok(Self {
            header: unique(header),
            rows: Rows(Box::new(rows)),
            kind,
            sheet: None,
            other_sheets: Vec::new(),
        })
    }
}

/// Columns of a table, at most.
pub const MAX_COLUMNS: usize = 4_096;
/// Rows at the start in which the header is looked for.
const HEADER_ROWS: usize = 20;

/// True for a row of HXL tags, which describe the columns for programs: `#adm1+name`.
pub fn is_tag_row(row: &[String]) -> bool {
    let mut tags = row.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    let is_tag = |cell: &str| {
        let name = cell.strip_prefix('#').unwrap_or_default();
        name.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-' | b' '))
    };
    tags.next().is_some_and(is_tag) && tags.all(is_tag)
}

/// Which of the first rows is the header: titles above it have one cell, or none.
fn header_of(rows: &[Row]) -> usize {
    let cells = |row: &Row| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let most = rows.iter().map(cells).max().unwrap_or(0);
    let is_title = |row: &Row| cells(row) == 0 || (cells(row) == 1 && (most > 2 || row.len() == 1));
    match most {
        0 | 1 => 0,
        _ => rows.iter().position(|row| !is_title(row)).unwrap_or(0),
    }
}

/// Bytes at the start of a table from which its encoding and its delimiter are detected.
const HEAD: usize = 64 * 1024;

/// Opens a table of a kind. CSV is read as it comes; workbooks are read whole, and their first sheet with rows counts; the
/// table names the other ones.
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
            workbook::first_table(kind, bytes)
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
    let (own_delimiter, text_head) = separator_line(&text_head);
    let delimiter = match own_delimiter {
        Some(delimiter) => delimiter,
        None if tabs => b'\t',
        None => crate::sheet::likely_delimiter(text_head).unwrap_or(b','),
    };
    let quotes = Arc::new(AtomicU64::new(0));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(QuoteCounter {
            source,
            quotes: Arc::clone(&quotes),
        });
    let mut number = u64::from(own_delimiter.is_some());
    if own_delimiter.is_some() {
        let mut line = csv::ByteRecord::new();
        reader
            .read_byte_record(&mut line)
            .map_err(|error| broken(kind, error.to_string()))?;
    }
    let mut read = move || {
        let mut record = csv::ByteRecord::new();
        number += 1;
        match reader.read_byte_record(&mut record) {
            Ok(false) => None,
            Ok(true) => Some((number, Ok(record))),
            Err(error) => Some((number, Err(broken(kind, error.to_string())))),
        }
    };
    // The last row is known by the end after it.
    let mut ahead = read();
    let mut next = move || {
        let (number, record) = ahead.take()?;
        ahead = read();
        let is_open = ahead.is_none() && quotes.load(Ordering::Relaxed) % 2 == 1;
        Some((number, record.and_then(|record| row_of(&record, is_open))))
    };
    let mut first = Vec::new();
    while first.len() < HEADER_ROWS
        && let Some(row) = next()
    {
        first.push(row);
    }
    if first.is_empty() {
        return Err(Refusal::Table("the table has no header: it is empty".to_owned()));
    }
    let known: Vec<Row> = first.iter().map(|(_, row)| row.clone().unwrap_or_default()).collect();
    let mut first = first.into_iter().skip(header_of(&known));
    let header = match first.next() {
        Some((_, header)) => header?,
        None => Row::new(),
    };
    let width = header.len();
    let rows =
        first.chain(std::iter::from_fn(next)).map(move |(number, row)| {
            let row = row.and_then(|row| match row.len() < width && row.iter().any(|cell| cell.contains('\n')) {
            true => Err(Refusal::Table(format!(
                "the row has {} cells of {width}, and one goes over several lines: a quote (\") may not be closed",
                row.len()
            ))),
            false => Ok(row),
        });
            (number, row)
        });
    Table::new(kind, header, rows)
}

/// The cells of a record. A quote that opens and never closes takes the rest of the table into one cell.
fn row_of(record: &csv::ByteRecord, is_open: bool) -> Result<Row, Refusal> {
    let ends = || record.iter().flatten().filter(|byte| **byte == b'\n').count();
    match is_open && ends() > 0 {
        true => Err(Refusal::Table(format!(
            "a quote (\") opens in this row and is not closed: {} lines are in one cell",
            ends()
        ))),
        false => record.iter().map(words).collect(),
    }
}

/// The line with which Excel names the sign between cells, `sep=;`; gives the sign and the rest.
fn separator_line(text: &str) -> (Option<u8>, &str) {
    let start = text.trim_start_matches('\u{feff}');
    let (line, rest) = start.split_once('\n').unwrap_or((start, ""));
    match line.trim_end_matches('\r').strip_prefix("sep=").map(str::as_bytes) {
        Some([sign]) if sign.is_ascii() && !sign.is_ascii_alphanumeric() && *sign != b'"' => (Some(*sign), rest),
        _ => (None, text),
    }
}

/// Counts the quotes that are read.
struct QuoteCounter {
    source: Box<dyn Read + Send>,
    quotes: Arc<AtomicU64>,
}

impl Read for QuoteCounter {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.source.read(buffer)?;
        let quotes = memchr::memchr_iter(b'"', &buffer[..count]).count();
        self.quotes.fetch_add(quotes as u64, Ordering::Relaxed);
        Ok(count)
    }
}

fn words(cell: &[u8]) -> Result<String, Refusal> {
    match std::str::from_utf8(cell) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}').to_owned()),
        Err(error) => Err(Refusal::Encoding(error.valid_up_to())),
    }
}

/// Names of columns, each once; in time that grows with the columns, also where all have one name.
fn unique(header: Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    let mut known = rustc_hash::FxHashSet::default();
    let mut next: rustc_hash::FxHashMap<String, usize> = rustc_hash::FxHashMap::default();
    for (at, name) in header.into_iter().enumerate() {
        let name = crate::text::printable::clean_line(&name, MAX_COLUMN_NAME);
        let name = if name.is_empty() {
            format!("column {}", at + 1)
        } else {
            name
        };
        let mut own = name.clone();
        if known.contains(&own) {
            let number = next.entry(name.clone()).or_insert(2);
            while known.contains(&own) {
                own = format!("{name} {number}");
                *number += 1;
            }
        }
        known.insert(own.clone());
        names.push(own);
    }
    names
}

/// The longest name of a column, in characters; longer ones are cut.
const MAX_COLUMN_NAME: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(clippy::type_complexity)]
    fn table(csv: &str) -> (Vec<String>, Vec<(u64, Result<Row, Refusal>)>) {
        let table = open_table(Kind::Csv, Box::new(Cursor::new(csv.to_owned())), false).unwrap();
        (table.header, table.rows.collect())
    }

    #[test]
    fn repeated_names_are_numbered_and_columns_are_limited() {
        assert_eq!(
            unique(["c", "c 2", "c", "", "c"].map(str::to_owned).to_vec()),
            ["c", "c 2", "c 3", "column 4", "c 4"]
        );
        let same = unique(vec!["c".to_owned(); MAX_COLUMNS]);
        assert_eq!(same.last().map(String::as_str), Some("c 4096"));
        let wide = format!("{}\n", vec!["c"; MAX_COLUMNS + 1].join(","));
        let error = open_table(Kind::Csv, Box::new(Cursor::new(wide)), false).err().unwrap();
        assert!(error.to_string().contains("4096"), "{error}");
    }

    #[test]
    fn titles_tags_and_the_line_of_excel_are_no_header() {
        let (header, rows) = table("Incidents of 2021,,\n,,\nplace,date,killed\nKirkuk,2021-12-05,1\n");
        assert_eq!(header, ["place", "date", "killed"]);
        assert_eq!((rows[0].0, rows.len()), (4, 1));
        let (header, rows) = table("sep=;\nplace;n\nKirkuk;1\n");
        assert_eq!((header, rows.len()), (vec!["place".to_owned(), "n".to_owned()], 1));
        let (header, _) = table("place\nKirkuk\nDaquq\n");
        assert_eq!(header, ["place"]);
        assert!(is_tag_row(&[
            "#adm1+name".to_owned(),
            String::new(),
            "#date".to_owned()
        ]));
        assert!(!is_tag_row(&["#1".to_owned()]) && !is_tag_row(&[String::new()]));
    }

    #[test]
    fn rows_that_an_open_quote_swallows_are_refused() {
        for csv in [
            "a,place,b\n1,Kirkuk,x\n4,\"Kifri,q\n5,Sinjar,w\n",
            "a,place\n1,Kirkuk\n4,\"Kifri\n5,Sinjar\n",
        ] {
            let (_, rows) = table(csv);
            assert!(rows[0].1.is_ok(), "{csv}");
            let error = rows[1].1.as_ref().unwrap_err().to_string();
            assert!(error.contains("quote"), "{error}");
        }
        let (_, rows) = table("a,b\n1,\"two\nlines\"\n");
        assert_eq!(rows[0].1.as_ref().unwrap()[1], "two\nlines");
    }
}
