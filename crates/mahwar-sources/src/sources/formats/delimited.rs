//! Tables of text with coordinates: comma, semicolon, tab or bar between cells; UTF-8, UTF-16 or a stated encoding.

use super::{CUT_OFF, broken, bytes};
use crate::sources::{
    build::geometry_of,
    columns::{self, Place},
    coordinate,
    error::SourceError,
    rows::{RawRow, Rows},
    spec::LayerSpec,
};
use serde_json::Value;
use std::{borrow::Cow, path::Path};

/// Reads a table whose first line names the columns.
pub fn read(spec: &LayerSpec, path: &Path) -> Result<Rows, SourceError> {
    let bytes = bytes(spec, path)?;
    let mut rows = Rows {
        is_text: true,
        ..Rows::default()
    };
    let text = decoded(spec, &bytes, &mut rows)?;
    if text.trim().is_empty() {
        return Err(
            broken(spec, "the file is empty").remedy("the first line names the columns, for example name,lon,lat")
        );
    }
    let (separator, text, skipped) = match stated_separator(&text) {
        Some((separator, rest)) => (separator, rest, 1),
        None => (separator(&text, is_tabbed(path)), &*text, 0),
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| fault(spec, &error, skipped))?.clone();
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    for (at, name) in header.iter().enumerate() {
        names.push(unused(name.trim(), at, &names));
    }
    let place = columns::find(spec, &names).map_err(|what| broken(spec, what).row(1).remedy(columns::REMEDY))?;
    let kept: Vec<usize> = (0..names.len()).filter(|at| !place.is_geometry(*at)).collect();
    for at in &kept {
        rows.column(&names[*at]);
    }
    let mut unplaced = 0_usize;
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| fault(spec, &error, skipped))?
    {
        let line = record.position().map_or(0, csv::Position::line) + skipped;
        let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let geometry = match geometry_of(place, cell) {
            Ok(geometry) => geometry,
            Err(what) => {
                unplaced += 1;
                rows.notices.row(line, format!("{what}; the row is left out"));
                continue;
            }
        };
        if let Place::Geometry(at) = place {
            rows.has_heights |= coordinate::has_heights(&cell(at));
        }
        let values = kept
            .iter()
            .map(|at| Value::String(record.get(*at).unwrap_or_default().trim().to_owned()));
        let row = RawRow {
            number: line,
            id: None,
            geometry,
            values: values.collect(),
        };
        rows.push(&spec.shown_source(), row)?;
    }
    match rows.notices.list.first() {
        Some(first) if rows.rows.is_empty() && unplaced > 0 => {
            let mut refusal = broken(
                spec,
                format!("none of its {unplaced} rows has coordinates: {}", first.text),
            );
            refusal.row = first.row;
            Err(refusal.remedy(columns::REMEDY))
        }
        _ => Ok(rows),
    }
}

/// A name for a column that has none, or one that is in use already.
fn unused(name: &str, at: usize, before: &[String]) -> String {
    let base = match name {
        "" => format!("column_{}", at + 1),
        name => name.to_owned(),
    };
    let mut name = base.clone();
    let mut nth = 2;
    while before.contains(&name) {
        name = format!("{base}_{nth}");
        nth += 1;
    }
    name
}

fn fault(spec: &LayerSpec, error: &csv::Error, skipped: u64) -> SourceError {
    let row = error.position().map(|at| at.line() + skipped);
    let mut fault = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => broken(
            spec,
            format!("it has {len} cells, and the first line names {expected_len} columns"),
        )
        .remedy(format!(
            "put cells that hold the separator in quotes; if it is the last line, {CUT_OFF}"
        ))
        .passing(),
        _ => broken(spec, error),
    };
    fault.row = row;
    fault
}

/// The separator of a first line `sep=;`, which Excel writes and reads, and the lines after it.
fn stated_separator(text: &str) -> Option<(u8, &str)> {
    let (first, rest) = text.split_once('\n')?;
    let first = first.trim_end_matches('\r').trim_matches('"');
    let stated = first.get(..4).filter(|start| start.eq_ignore_ascii_case("sep="))?;
    let separator = match &first.as_bytes()[stated.len()..] {
        [separator @ (b',' | b';' | b'\t' | b'|'), ..] => *separator,
        _ => return None,
    };
    Some((separator, rest))
}

/// True if the name of a file says that its cells are separated by tabs.
fn is_tabbed(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("tsv"))
}

/// Bytes that may separate cells, the likeliest first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The separator that the first line has most often outside quotes. A first line without any is one column: its separator is
/// one that no cell has, so that `LINESTRING (43 35, 44 36)` stays one cell.
fn separator(text: &str, is_tabbed: bool) -> u8 {
    let first = counted(text, true);
    let [.., (_, tabs), _] = first;
    if is_tabbed && (tabs > 0 || first.iter().all(|(_, count)| *count == 0)) {
        return b'\t';
    }
    let best = first.iter().rev().max_by_key(|(_, count)| *count);
    match best {
        Some((separator, 1..)) => *separator,
        _ => {
            let unused = counted(text, false).into_iter().find(|(_, count)| *count == 0);
            unused.map_or(b',', |(separator, _)| separator)
        }
    }
}

/// How often each separator is outside quotes, in the first line or in the whole text.
fn counted(text: &str, is_first_line: bool) -> [(u8, usize); 4] {
    let mut is_quoted = false;
    let mut counts = SEPARATORS.map(|separator| (separator, 0));
    for byte in text.bytes() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if is_first_line && !is_quoted => break,
            byte if !is_quoted => {
                if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| *separator == byte) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    counts
}

fn decoded<'b>(spec: &LayerSpec, bytes: &'b [u8], rows: &mut Rows) -> Result<Cow<'b, str>, SourceError> {
    if let Some(name) = &spec.encoding {
        let encoding = encoding(spec, name)?;
        return Ok(encoding.decode(bytes).0);
    }
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return Ok(encoding.decode(bytes).0);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => {
            rows.notices.note(format!(
                "the text is not UTF-8 at byte {}; it is read as {FALLBACK}; say another with encoding = \"…\"",
                error.valid_up_to()
            ));
            Ok(fallback().decode_without_bom_handling(bytes).0)
        }
    }
}

/// The encoding of text that says none and is not UTF-8: the one that office programs of Arabic systems write.
pub const FALLBACK: &str = "windows-1256";

/// See [`FALLBACK`].
pub fn fallback() -> &'static encoding_rs::Encoding {
    encoding_rs::WINDOWS_1256
}

/// An encoding by its name in the configuration or in a file.
pub fn encoding(spec: &LayerSpec, name: &str) -> Result<&'static encoding_rs::Encoding, SourceError> {
    let plain = name.trim().trim_start_matches('\u{feff}').to_ascii_lowercase();
    let label = match plain.as_str() {
        "65001" | "utf8" | "cp65001" => "utf-8".to_owned(),
        // ESRI writes ISO 8859 as 88596 and 8859-6.
        other => match other.strip_prefix("8859") {
            Some(part) => format!("iso-8859-{}", part.trim_start_matches('-')),
            None => {
                let number = other.trim_start_matches("cp").trim_start_matches("ansi").trim();
                match number.parse::<u32>() {
                    Ok(number @ 1250..=1258) => format!("windows-{number}"),
                    Ok(number) => format!("ibm{number}"),
                    Err(_) => other.to_owned(),
                }
            }
        },
    };
    encoding_rs::Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        let shown: String = name.trim().chars().take(40).collect();
        broken(spec, format!("the encoding {shown:?} is not known"))
            .remedy("write it as in HTML: utf-8, windows-1256, iso-8859-6")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_the_most_frequent_outside_quotes() {
        assert_eq!(separator("name,lon,lat\n1;2;3;4", false), b',');
        assert_eq!(separator("name;lon;lat\n1,5", false), b';');
        assert_eq!(separator("\"a;b;c;d\"\tlon\tlat\n", false), b'\t');
        assert_eq!(separator("wkt\n", false), b',');
    }

    #[test]
    fn a_table_of_one_column_is_not_cut_at_the_commas_of_its_geometries() {
        // geoarrow-data writes such tables with the extension tsv.
        assert_eq!(separator("geometry\nLINESTRING (30 10, 10 30)\n", false), b';');
        assert_eq!(separator("geometry\nLINESTRING (30 10, 10 30)\n", true), b'\t');
        assert_eq!(separator("a,b,c\tlon\tlat\n", true), b'\t');
        assert_eq!(separator("name,lon,lat\n", true), b',');
    }

    #[test]
    fn encodings_are_known_by_the_names_of_programs() {
        let spec = LayerSpec::new("a", "a.csv");
        for (name, expected) in [
            ("1256", "windows-1256"),
            ("CP1256", "windows-1256"),
            ("ANSI 1252", "windows-1252"),
            ("88596", "ISO-8859-6"),
            ("UTF-8\n", "UTF-8"),
            ("65001", "UTF-8"),
        ] {
            assert_eq!(encoding(&spec, name).unwrap().name(), expected, "{name}");
        }
        assert!(encoding(&spec, "klingon").unwrap_err().to_string().contains("klingon"));
    }
}
