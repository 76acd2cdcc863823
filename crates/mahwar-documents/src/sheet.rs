//! Rows of a table as texts: the column with free text is the text, known columns describe it, others are facts.

use crate::{
    DayOrder, Extracted, Kind, Origin, Refusal, Table, dates, is_tag_row,
    meaning::meaning_of,
    rows::{Sheet, day_of_serial, open_sheets},
};

/// Rows that are looked at to find the column with free text.
const SAMPLE: usize = 200;

/// The delimiter that splits every row into the same number of cells; none if no delimiter does.
pub fn delimiter(text: &str) -> Option<u8> {
    let mut best: Option<(usize, u8)> = None;
    for delimiter in [b',', b'\t', b';', b'|'] {
        let cells = consistent(text, delimiter);
        if cells > best.map_or(1, |(cells, _)| cells) {
            best = Some((cells, delimiter));
        }
    }
    best.map(|(_, delimiter)| delimiter)
}

/// The sign between cells of a text that is known to be a table: some rows may be broken.
pub fn likely_delimiter(text: &str) -> Option<u8> {
    let most = |delimiter: &u8| alike(text, *delimiter, 5);
    delimiter(text).or_else(|| {
        let signs = [b'|', b';', b'\t', b','].into_iter();
        signs.max_by_key(most).filter(|sign| most(sign) > 1)
    })
}

/// Cells of each row, if every row has as many.
fn consistent(text: &str, delimiter: u8) -> usize {
    alike(text, delimiter, 9)
}

/// Cells of the first row, if so many tenths of the rows have as many.
fn alike(text: &str, delimiter: u8, tenths: usize) -> usize {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut widths: Vec<usize> = reader
        .records()
        .take(50)
        .map_while(Result::ok)
        .map(|record| record.len())
        .collect();
    // The last one may be cut off.
    if widths.len() > 2 {
        widths.pop();
    }
    match widths.first() {
        Some(first) if widths.iter().filter(|width| *width == first).count() * 10 >= widths.len() * tenths => *first,
        _ => 0,
    }
}

/// True for a text that is a table without a doubt: at least three columns and three rows with as many cells, and a header of
/// short different names, a row of HXL tags, or delimiters without the spaces that follow them in prose.
pub fn looks_like_a_table(text: &str) -> bool {
    let Some(delimiter) = delimiter(text) else { return false };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().take(20).map_while(Result::ok).collect();
    let Some(header) = rows.first() else { return false };
    let names: Vec<&str> = header.iter().map(str::trim).collect();
    let has_tags = rows.iter().take(3).any(|row| {
        let cells: Vec<String> = row.iter().map(str::to_owned).collect();
        cells.len() >= 2 && is_tag_row(&cells)
    });
    if has_tags || (rows.len() >= 3 && names.len() >= 3 && is_dense(&rows, delimiter)) {
        return true;
    }
    let mut different = names.clone();
    different.sort_unstable();
    different.dedup();
    let known = names.iter().filter(|name| meaning_of(name).is_some()).count();
    let is_name = |name: &&&str| {
        !name.is_empty() && name.chars().count() <= 40 && name.split_whitespace().count() <= 4 && !name.ends_with('.')
    };
    rows.len() >= 3 - known.min(1)
        && names.len() >= 3 - known.min(1)
        && different.len() == names.len()
        && names.iter().any(|name| name.chars().any(char::is_alphabetic))
        && names.iter().filter(is_name).count() == names.len()
}

/// True for rows that all have as many cells, most of them without a space at their start.
fn is_dense(rows: &[csv::StringRecord], delimiter: u8) -> bool {
    // The last row may be cut off.
    let whole = &rows[..rows.len() - usize::from(rows.len() > 3)];
    let width = whole.first().map_or(0, csv::StringRecord::len);
    let after_first = || {
        whole
            .iter()
            .flat_map(|row| row.iter().skip(1))
            .filter(|cell| !cell.is_empty())
    };
    let spaced = after_first().filter(|cell| cell.starts_with(' ')).count();
    let words = after_first()
        .filter(|cell| cell.chars().any(char::is_alphabetic))
        .count();
    whole.iter().all(|row| row.len() == width)
        && (delimiter != b',' || (spaced * 4 < after_first().count() && words > 0))
}

/// Hands over the rows of each sheet of a workbook. A sheet without free text is handed over as its refusal if another has some.
///
/// # Errors
/// When no sheet holds free text.
pub fn read_sheets(kind: Kind, bytes: &[u8], each: &mut dyn FnMut(Result<Extracted, Refusal>)) -> Result<(), Refusal> {
    let sheets = open_sheets(kind, bytes.to_vec())?;
    let has_several = sheets.len() > 1;
    let (mut refused, mut is_read) = (Vec::new(), false);
    for Sheet { name, table } in sheets {
        let mut named = |read: Result<Extracted, Refusal>| {
            each(match has_several {
                false => read,
                true => read.map(|mut read| {
                    read.note("sheet", &name, Origin::Declared, Some("workbook"));
                    read.part = read.part.map(|part| format!("sheet {name:?} {part}"));
                    read
                }),
            });
        };
        match table.and_then(|table| read_rows(table, &mut named)) {
            Ok(()) => is_read = true,
            Err(Refusal::Table(cause)) if has_several && !cause.starts_with("the sheet ") => {
                refused.push(Refusal::Table(format!(
                    "the sheet {:?}: {cause}",
                    crate::text::printable::cut(&name)
                )));
            }
            Err(refusal) => refused.push(refusal),
        }
    }
    let mut refused = refused.into_iter();
    if !is_read && let Some(first) = refused.next() {
        return Err(first);
    }
    refused.for_each(|refusal| each(Err(refusal)));
    Ok(())
}

/// Hands over each row as a text.
///
/// # Errors
/// When no column holds free text.
pub fn read_rows(mut table: Table, each: &mut dyn FnMut(Result<Extracted, Refusal>)) -> Result<(), Refusal> {
    let mut sample = Vec::new();
    for row in table.rows.by_ref().take(SAMPLE) {
        sample.push(row);
    }
    let good: Vec<&Vec<String>> = sample.iter().filter_map(|(_, row)| row.as_ref().ok()).collect();
    let Some(text) = text_column(&table.header, &good) else {
        return Err(Refusal::Table(format!(
            "no column holds free text, and none is called \"text\"; the columns are {}. To resolve columns with names use mahwar table",
            crate::text::printable::cut(&table.header.join(", "))
        )));
    };
    let kind = table.kind;
    let orders: Vec<Option<DayOrder>> = (0..table.header.len())
        .map(|column| match meaning_of(&table.header[column]) {
            Some("published") => dates::order_of(good.iter().filter_map(|row| row.get(column)).map(String::as_str)),
            _ => None,
        })
        .collect();
    if sample
        .first()
        .is_some_and(|(_, row)| row.as_ref().is_ok_and(|row| is_tag_row(row)))
    {
        sample.drain(..1);
    }
    let header = table.header;
    for (number, row) in sample.into_iter().chain(table.rows) {
        let part = format!("row {number}");
        each(
            row.and_then(|row| of_row(&header, &row, text, kind, &orders))
                .map(|mut read| {
                    read.part = Some(part);
                    read
                }),
        );
    }
    Ok(())
}

/// The column called `text` or its like, or else the one with the longest texts of several words.
pub fn text_column(header: &[String], sample: &[&Vec<String>]) -> Option<usize> {
    if let Some(named) = header.iter().position(|name| name.trim().eq_ignore_ascii_case("text")) {
        return Some(named);
    }
    let words = |column: usize| {
        let cells = sample
            .iter()
            .filter_map(|row| row.get(column))
            .filter(|cell| !cell.trim().is_empty());
        let (count, words) = cells.fold((0_usize, 0_usize), |(count, words), cell| {
            (count + 1, words + cell.split_whitespace().count())
        });
        if count == 0 { 0.0 } else { words as f64 / count as f64 }
    };
    let is_described = |column: &usize| matches!(meaning_of(&header[*column]), None | Some("text"));
    let longest = (0..header.len())
        .filter(is_described)
        .map(|column| (words(column), column));
    let longest = longest.max_by(|one, other| one.0.total_cmp(&other.0))?;
    let named = (0..header.len()).find(|column| meaning_of(&header[*column]) == Some("text"));
    named
        .filter(|named| words(*named) >= 2.0)
        .or(Some(longest.1).filter(|_| longest.0 >= 4.0))
}

/// The day of a number in a workbook.
fn serial_day(kind: Kind, cell: &str) -> Option<String> {
    matches!(kind, Kind::Xlsx | Kind::Ods)
        .then(|| day_of_serial(cell))
        .flatten()
}

fn of_row(
    header: &[String],
    row: &[String],
    text: usize,
    kind: Kind,
    orders: &[Option<DayOrder>],
) -> Result<Extracted, Refusal> {
    let words = row.get(text).map(|text| text.trim()).unwrap_or_default();
    if words.is_empty() {
        return Err(Refusal::NoText { kind: "row" });
    }
    let mut found = Extracted::of_text(words.to_owned(), kind.media_type());
    for (at, (name, cell)) in header.iter().zip(row).enumerate().filter(|(at, _)| *at != text) {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        match meaning_of(name) {
            Some("title") => found.set_title(cell, name),
            Some("source_url") => found.set_url(cell, name),
            Some("publisher") => found.set_publisher(cell, name),
            Some("published") if let Some(day) = serial_day(kind, cell) => found.set_published(&day, name),
            Some("published") => match orders[at] {
                // One column has one order.
                Some(order) => found.set_published_as(cell, dates::read_date_in(cell, order), name),
                None => found.set_published(cell, name),
            },
            Some("language") => found.set_language(cell, name),
            Some("author") => found.set_author(cell, name),
            _ => found.note(name, cell, Origin::Given, Some("table")),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, open_table};
    use std::io::Cursor;

    fn texts(csv: &str) -> Result<Vec<Extracted>, Refusal> {
        let table = open_table(Kind::Csv, Box::new(Cursor::new(csv.to_owned())), false)?;
        let mut texts = Vec::new();
        read_rows(table, &mut |read| texts.extend(read.ok()))?;
        Ok(texts)
    }

    #[test]
    fn rows_are_texts_with_what_describes_them() {
        let csv = "id;date;url;report;killed\n1;03/12/2021;https://example.org/1;\"Two people were killed; one near Daquq\";2\n2;2021-12-04;;Clashes continued north of Jalawla yesterday;0\n";
        let texts = texts(csv).unwrap();
        assert_eq!(texts.len(), 2);
        assert_eq!(texts[0].text, "Two people were killed; one near Daquq");
        assert_eq!(texts[0].published.as_deref(), Some("2021-12-03"));
        assert_eq!(texts[0].url.as_deref(), Some("https://example.org/1"));
        assert!(
            texts[0]
                .facts
                .iter()
                .any(|fact| fact.name == "killed" && fact.value == "2")
        );
        assert_eq!(texts[0].part.as_deref(), Some("row 2"));
    }

    #[test]
    fn a_table_without_free_text_is_refused_with_its_columns() {
        let error = texts("id,name,level\n1,Kirkuk,city\n2,Daquq,town\n")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("id, name, level") && error.contains("mahwar table"),
            "{error}"
        );
    }

    #[test]
    fn prose_is_no_table() {
        for text in [
            "Kirkuk, Daquq and Taza, all quiet\nErbil, too, was quiet, police said\nSo was Mosul, today, again\n",
            "one\ntwo\nthree\n",
            "",
        ] {
            assert!(!looks_like_a_table(text), "{text}");
        }
        assert!(!looks_like_a_table("1,234,567\n2,345,678\n3,456,789\n4,567,890\n"));
        assert!(looks_like_a_table(
            "Incidents of March,,\n,,\nplace,place,killed\nKirkuk,Daquq,1\nKirkuk,Taza,2\n"
        ));
        assert!(looks_like_a_table("Where,How many\n#adm1+name,#affected\nKirkuk,12\n"));
        assert!(looks_like_a_table(
            "id,name,lat,lon\n1,Kirkuk,35.4,44.3\n2,Daquq,35.1,44.4\n3,Taza,35.2,44.3\n"
        ));
    }
}
