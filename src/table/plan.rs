//! Detects the columns of a table with free text, names of places and dates.

use super::{ADDED, TableError};
use crate::{
    formats::{DayOrder, Row, day_of_serial, is_undecided, meaning_of, order_of, read_date, text_column},
    gazetteer::{Level, Reason, SearchOptions},
    land::{DateOrder, Land},
};
use crate::{gazetteer::Place, text::printable::cut};
use rustc_hash::FxHashSet;

/// Distinct cells of a column that are looked up to see whether it holds names.
const LOOKED_UP: usize = 40;
/// Columns with names that are read together, at most.
const MAX_PLACE_COLUMNS: usize = 16;

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
    /// Columns with ids of places (p-codes).
    pub codes: Vec<usize>,
    /// The column with the date.
    pub date: Option<DateColumn>,
}

/// A column of dates. All its dates have one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateColumn {
    /// Its position.
    pub column: usize,
    /// The order of the numbers of its dates.
    pub order: DayOrder,
    /// False if no date of the first rows shows the order although it counts: then it is that of the land.
    pub is_decided: bool,
}

impl DateColumn {
    fn new(land: &Land, sample: &[&Row], column: usize) -> Self {
        let found = order_of(cells(sample, column));
        let of_land = match land.about.date_order {
            DateOrder::Day => DayOrder::DayFirst,
            DateOrder::Month => DayOrder::MonthFirst,
        };
        Self {
            column,
            order: found.unwrap_or(of_land),
            is_decided: found.is_some() || !cells(sample, column).any(is_undecided),
        }
    }

    /// The order in words, where it is a guess or the dates contradict each other.
    pub fn remark(&self, header: &[String]) -> Option<String> {
        let name = header.get(self.column)?;
        match (self.order, self.is_decided) {
            (DayOrder::Unknown, _) => Some(format!(
                "the dates of the column {name:?} are in two orders; those that could be read both ways are left out"
            )),
            (_, true) => None,
            (DayOrder::MonthFirst, false) => Some(format!(
                "nothing tells the order of the dates of the column {name:?}; they are read month before day"
            )),
            (DayOrder::DayFirst, false) => Some(format!(
                "nothing tells the order of the dates of the column {name:?}; they are read day before month"
            )),
        }
    }
}

impl Plan {
    /// Decides by the columns that are asked for, by the names of the columns, and by the first rows. `check` is asked before each column
    /// is looked at.
    ///
    /// # Errors
    /// When a column that is asked for is not there, or none has text or names; the error of `check`.
    pub fn new(
        land: &Land,
        header: &[String],
        sample: &[&Row],
        wanted: &ColumnChoice,
        check: &mut dyn FnMut() -> std::io::Result<()>,
    ) -> Result<Self, TableError> {
        let position = |name: &String| {
            let found = header.iter().position(|own| own == name);
            let found = found.or_else(|| header.iter().position(|own| own.eq_ignore_ascii_case(name)));
            found.ok_or_else(|| {
                TableError::Columns(format!("there is no column {name:?}; there are {}", listed(header)))
            })
        };
        let text: Vec<usize> = wanted.text.iter().map(position).collect::<Result<_, _>>()?;
        let places: Vec<usize> = wanted.places.iter().map(position).collect::<Result<_, _>>()?;
        let date = wanted.date.as_ref().map(position).transpose()?;
        let is_given = !text.is_empty() || !places.is_empty();
        let mut names = vec![false; header.len()];
        let mut codes = Vec::new();
        if !is_given {
            for (column, has) in names.iter_mut().enumerate() {
                check()?;
                if has_codes(land, sample, column) {
                    codes.push(column);
                } else {
                    *has = has_names(land, header, sample, column);
                }
            }
        }
        let text = match is_given {
            true => text,
            false => text_column(header, sample)
                .into_iter()
                .filter(|column| {
                    // A column that is called text may have short ones.
                    let is_called_so = meaning_of(&header[*column]) == Some("text") && !names[*column];
                    has_sentences(sample, *column, if is_called_so { 2 } else { 4 })
                })
                .collect(),
        };
        let places = match is_given {
            true => places,
            false => (0..header.len())
                .filter(|column| !text.contains(column) && names[*column])
                .take(MAX_PLACE_COLUMNS)
                .collect(),
        };
        if text.is_empty() && places.is_empty() && codes.is_empty() {
            return Err(TableError::Columns(format!(
                "no column has free text or names of places; name them with --text or --places. The columns are {}",
                listed(header)
            )));
        }
        let date = date.or_else(|| (0..header.len()).find(|column| has_dates(header, sample, *column)));
        Ok(Self {
            text,
            places: places
                .into_iter()
                .map(|column| (column, level_of(land, &header[column])))
                .collect(),
            codes,
            date: date.map(|column| DateColumn::new(land, sample, column)),
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

/// The names of columns for a message.
fn listed(header: &[String]) -> String {
    const MOST: usize = 50;
    let names = header.iter().take(MOST).map(|name| cut(name));
    let mut listed = names.collect::<Vec<_>>().join(", ");
    if header.len() > MOST {
        listed.push_str(&format!(" and {} more", header.len() - MOST));
    }
    listed
}

/// True if most of the distinct cells are ids of places.
fn has_codes(land: &Land, sample: &[&Row], column: usize) -> bool {
    let mut seen = FxHashSet::default();
    let distinct = cells(sample, column).filter(|cell| seen.insert(*cell)).take(LOOKED_UP);
    let (all, known) = distinct.fold((0_usize, 0_usize), |(all, known), cell| {
        (all + 1, known + usize::from(place_of_code(land, cell).is_some()))
    });
    all > 0 && known * 10 >= all * 6
}

/// The place of an id; letters may be small.
pub fn place_of_code<'l>(land: &'l Land, cell: &str) -> Option<&'l Place> {
    let has_digits = cell.len() <= 40 && cell.bytes().any(|byte| byte.is_ascii_digit());
    let find = || {
        let own = land.gazetteer.get(cell);
        own.or_else(|| land.gazetteer.get(&cell.to_ascii_uppercase()))
    };
    has_digits.then(find).flatten()
}

/// True if cells have so many words on average.
fn has_sentences(sample: &[&Row], column: usize, least: usize) -> bool {
    let (mut count, mut words) = (0_usize, 0_usize);
    for cell in cells(sample, column) {
        count += 1;
        words += cell.split_whitespace().count();
    }
    count > 0 && words >= least * count
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
        let is_named = meaning_of(&header[column]) == Some("published");
        let is_date = read_date(cell).is_some() && (!is_number || is_named);
        dates += usize::from(is_date || (is_named && day_of_serial(cell).is_some()));
    }
    count > 0 && dates * 10 >= count * 8
}

/// The level that the name of a column says, by the type nouns of the land (`المحافظة`, `قەزا`, `sub_district`), by the words
/// for levels, or by a number: `admin2`, `ADM1_EN`, `adm2_name`. Of several nouns the longest counts.
fn level_of(land: &Land, name: &str) -> Option<Level> {
    const MAX_WORDS: usize = 8;
    let name = name.replace(|sign: char| !sign.is_alphanumeric() && sign != '\u{200c}', " ");
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().take(MAX_WORDS).collect();
    let phrases = (1..=words.len()).rev().flat_map(|length| words.windows(length));
    let named = |phrase: &[&str]| {
        let joined = phrase.concat();
        let own = joined.parse::<Level>().ok();
        own.or_else(|| land.search().level_of_noun(&phrase.join(" ")))
    };
    phrases.clone().find_map(named).or_else(|| {
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
        let land = Land::open(&crate::land::Files::Embedded).unwrap();
        for (name, level) in [
            ("المحافظة", Some(Level::Governorate)),
            ("القضاء", Some(Level::District)),
            ("اسم الناحية", Some(Level::Subdistrict)),
            ("پارێزگا", Some(Level::Governorate)),
            ("قەزا", Some(Level::District)),
            ("ناحیە", Some(Level::Subdistrict)),
            ("گوند", Some(Level::Settlement)),
            ("Province", Some(Level::Governorate)),
            ("Qadha", Some(Level::District)),
            ("Nahiya", Some(Level::Subdistrict)),
            ("Sub-district", Some(Level::Subdistrict)),
            ("sub_district", Some(Level::Subdistrict)),
            ("Sub District", Some(Level::Subdistrict)),
            ("SubDistrict name", Some(Level::Subdistrict)),
            ("المنطقة", None),
            ("District", Some(Level::District)),
            ("ADM1_EN", Some(Level::Governorate)),
            ("admin2 name", Some(Level::District)),
            ("settlement", Some(Level::Settlement)),
            ("place", None),
        ] {
            assert_eq!(level_of(&land, name), level, "{name}");
        }
    }
}
