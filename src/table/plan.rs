//! Detects the columns of a table with free text, names of places and dates.

use super::{ADDED, TableError};
use crate::{
    formats::{Row, meaning_of, read_date, text_column},
    gazetteer::{Level, Reason, SearchOptions},
    land::Land,
};
use rustc_hash::FxHashSet;

/// Distinct cells of a column that are looked up to see whether it holds names.
const LOOKED_UP: usize = 40;

/// Columns that the caller names; those that are not named are found.
#[derive(Clone, Debug, Default)]
pub struct ColumnChoice {
    /// Columns with free text.
    pub text: Vec<String>,
    /// Columns with names of places.
    pub places: Vec<String>,
    /// The column with the date.
    pub date: Option<String>,
}

/// Use of each column.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Columns with free text.
    pub text: Vec<usize>,
    /// Columns with names, each with the level that its name says.
    pub places: Vec<(usize, Option<Level>)>,
    /// The column with the date.
    pub date: Option<usize>,
}

impl Plan {
    /// Decides by the requested columns, by the names of the columns, and by the first rows.
    ///
    /// # Errors
    /// When a requested column does not exist, or none has text or names.
    pub fn new(land: &Land, header: &[String], sample: &[&Row], wanted: &ColumnChoice) -> Result<Self, TableError> {
        let position = |name: &String| {
            let found = header.iter().position(|own| own == name);
            let found = found.or_else(|| header.iter().position(|own| own.eq_ignore_ascii_case(name)));
            found.ok_or_else(|| {
                TableError::Columns(format!("there is no column {name:?}; there are {}", header.join(", ")))
            })
        };
        let text: Vec<usize> = wanted.text.iter().map(position).collect::<Result<_, _>>()?;
        let places: Vec<usize> = wanted.places.iter().map(position).collect::<Result<_, _>>()?;
        let date = wanted.date.as_ref().map(position).transpose()?;
        let is_given = !text.is_empty() || !places.is_empty();
        let text = match is_given {
            true => text,
            false => text_column(header, sample)
                .into_iter()
                .filter(|column| has_sentences(sample, *column))
                .collect(),
        };
        let places = match is_given {
            true => places,
            false => (0..header.len())
                .filter(|column| !text.contains(column) && has_names(land, header, sample, *column))
                .collect(),
        };
        if text.is_empty() && places.is_empty() {
            return Err(TableError::Columns(format!(
                "no column has free text or names of places; name them with --text or --places. The columns are {}",
                header.join(", ")
            )));
        }
        let date = date.or_else(|| (0..header.len()).find(|column| has_dates(header, sample, *column)));
        Ok(Self {
            text,
            places: places
                .into_iter()
                .map(|column| (column, level_of(&header[column])))
                .collect(),
            date,
        })
    }

    /// Names of the columns that are added: none is one that the table has.
    pub fn added(&self, header: &[String]) -> Vec<String> {
        let names = ADDED.iter().map(|name| {
            let mut own = (*name).to_owned();
            while header.contains(&own) {
                own.insert_str(0, "mahwar_");
            }
            own
        });
        names.collect()
    }
}

fn cells<'s>(sample: &'s [&Row], column: usize) -> impl Iterator<Item = &'s str> + 's {
    let cells = sample.iter().filter_map(move |row| row.get(column));
    cells.map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
}

fn has_sentences(sample: &[&Row], column: usize) -> bool {
    let (mut count, mut words) = (0_usize, 0_usize);
    for cell in cells(sample, column) {
        count += 1;
        words += cell.split_whitespace().count();
    }
    count > 0 && words >= 4 * count
}

/// True if most of the distinct cells are names of places, letter for letter or folded.
fn has_names(land: &Land, header: &[String], sample: &[&Row], column: usize) -> bool {
    if matches!(
        meaning_of(&header[column]),
        Some("publisher" | "author" | "source_url" | "published" | "language")
    ) {
        return false;
    }
    let mut seen = FxHashSet::default();
    let distinct: Vec<&str> = cells(sample, column)
        .filter(|cell| seen.insert(*cell))
        .take(LOOKED_UP)
        .collect();
    let is_word = |cell: &&&str| cell.chars().any(char::is_alphabetic) && cell.chars().count() <= 80;
    let words = distinct.iter().filter(is_word).count();
    if words == 0 || words * 10 < distinct.len() * 8 {
        return false;
    }
    let options = SearchOptions {
        limit: 1,
        prefix: false,
        near: false,
        ..SearchOptions::default()
    };
    let is_place = |cell: &&&str| {
        let hits = land.search().search(&land.gazetteer, cell, &options);
        hits.first().is_some_and(|hit| hit.reason <= Reason::Article)
    };
    let found = distinct.iter().filter(is_place).count();
    found * 10 >= distinct.len() * 6
}

fn has_dates(header: &[String], sample: &[&Row], column: usize) -> bool {
    let (mut count, mut dates) = (0_usize, 0_usize);
    for cell in cells(sample, column) {
        count += 1;
        // A bare number of ten digits may be a telephone.
        let is_number = cell.chars().all(char::is_numeric);
        dates +=
            usize::from(read_date(cell).is_some() && (!is_number || meaning_of(&header[column]) == Some("published")));
    }
    count > 0 && dates * 10 >= count * 8
}

/// The level that the name of a column says: `district`, `admin2`, `ADM1_EN`, `adm2_name`.
fn level_of(name: &str) -> Option<Level> {
    let name = name.to_lowercase();
    let words: Vec<&str> = name
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let named = words.iter().find_map(|word| word.parse::<Level>().ok());
    named.or_else(|| {
        words.iter().find_map(|word| {
            let rest = word.strip_prefix("admin").or_else(|| word.strip_prefix("adm"))?;
            match rest {
                "0" => Some(Level::Country),
                "1" => Some(Level::Governorate),
                "2" => Some(Level::District),
                "3" => Some(Level::Subdistrict),
                _ => None,
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_column_says_its_level() {
        for (name, level) in [
            ("District", Some(Level::District)),
            ("ADM1_EN", Some(Level::Governorate)),
            ("admin2 name", Some(Level::District)),
            ("settlement", Some(Level::Settlement)),
            ("place", None),
        ] {
            assert_eq!(level_of(name), level, "{name}");
        }
    }
}
