//! Workbooks: each sheet with rows is a table.

use super::{HEADER_ROWS, Row, Table, broken, header_of};
use crate::{Kind, Refusal, office::Package};
use calamine::{Data, Ods, Range, Reader as _, Xlsx};
use std::io::Cursor;

/// A sheet that is not empty: a table, or the reason why it is none.
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: Result<Table, Refusal>,
}

/// Opens each sheet of a workbook that is not empty, in their order.
///
/// # Errors
/// When it is no workbook, or all its sheets are empty.
pub fn open_sheets(kind: Kind, bytes: Vec<u8>) -> Result<Vec<Sheet>, Refusal> {
    let sheets = ranges(kind, bytes)?.into_iter().filter(|(_, sheet)| !sheet.is_empty());
    let sheets: Vec<Sheet> = sheets
        .map(|(name, sheet)| Sheet {
            table: table(kind, &name, &sheet),
            name,
        })
        .collect();
    match sheets.is_empty() {
        true => Err(no_rows()),
        false => Ok(sheets),
    }
}

/// The first sheet with a header and a row. The table names the other sheets with rows.
pub fn first_table(kind: Kind, bytes: Vec<u8>) -> Result<Table, Refusal> {
    let mut sheets = ranges(kind, bytes)?.into_iter().filter(|(_, sheet)| sheet.height() > 1);
    let (name, sheet) = sheets.next().ok_or_else(no_rows)?;
    let mut table = table(kind, &name, &sheet)?;
    table.other_sheets = sheets.map(|(name, _)| name).collect();
    Ok(table)
}

fn no_rows() -> Refusal {
    Refusal::Table("no sheet has a header and a row".to_owned())
}

fn ranges(kind: Kind, bytes: Vec<u8>) -> Result<Vec<(String, Range<Data>)>, Refusal> {
    check_package(kind, &bytes)?;
    let cursor = Cursor::new(bytes);
    Ok(match kind {
        Kind::Ods => {
            let mut book: Ods<_> = calamine::open_workbook_from_rs(cursor)
                .map_err(|error: calamine::OdsError| broken(kind, error.to_string()))?;
            book.worksheets()
        }
        _ => {
            let mut book: Xlsx<_> = calamine::open_workbook_from_rs(cursor)
                .map_err(|error: calamine::XlsxError| broken(kind, error.to_string()))?;
            book.worksheets()
        }
    })
}

fn table(kind: Kind, name: &str, sheet: &Range<Data>) -> Result<Table, Refusal> {
    if sheet.height() < 2 {
        return Err(Refusal::Table(format!(
            "the sheet {:?} has one row; a table has a header and rows",
            crate::text::printable::cut(name)
        )));
    }
    let mut rows: Vec<Row> = sheet.rows().map(|row| row.iter().map(cell).collect()).collect();
    let titles = header_of(&rows[..rows.len().min(HEADER_ROWS)]);
    let first = sheet.start().map_or(1, |(row, _)| u64::from(row) + 1) + titles as u64;
    let header = rows.drain(..=titles).next_back().unwrap_or_default();
    let rows = rows
        .into_iter()
        .enumerate()
        .map(move |(at, row)| (first + 1 + at as u64, Ok(row)));
    let mut table = Table::new(kind, header, rows)?;
    table.sheet = Some(name.to_owned());
    Ok(table)
}

/// The day of a number in a column of dates whose cells have no format of a date: days since 30 December 1899. None outside of
/// the years 1970 to 2069, so that years and other numbers are no days.
pub fn day_of_serial(cell: &str) -> Option<String> {
    const DAYS: std::ops::Range<f64> = 25_569.0..62_094.0;
    let serial: f64 = cell.trim().parse().ok()?;
    DAYS.contains(&serial).then(|| date(serial.trunc()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_days_are_dates_within_a_century() {
        assert_eq!(day_of_serial("44533").as_deref(), Some("2021-12-03"));
        assert_eq!(day_of_serial("44533.75").as_deref(), Some("2021-12-03"));
        for number in ["2021", "7", "1638518400", "20211203", "x", ""] {
            assert_eq!(day_of_serial(number), None, "{number}");
        }
    }
}
