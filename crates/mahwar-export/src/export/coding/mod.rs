//! Tables for people who code events: a row for each account, in the column order of ACLED and of UCDP GED, or with HXL
//! hashtags.
//!
//! Columns that only a coder can fill stay empty. Figures are those of the account: nothing is added up, and no number is
//! given for a figure that is not exact.

mod acled;
mod codes;
mod hxl;
mod precision;
mod ucdp;

pub use codes::{Codes, Country, TypeCodes};

use super::harmless_cell;
use crate::events::{Account, Event, EventAccount, Figure};

/// A kind of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Coding {
    Acled,
    Ucdp,
    Hxl,
}

impl Coding {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Acled, Self::Ucdp, Self::Hxl];

    /// Its name in URLs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Acled => "acled",
            Self::Ucdp => "ucdp",
            Self::Hxl => "hxl",
        }
    }

    /// The kind of this name.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|coding| coding.word() == word)
    }
}

/// Names in English of the units that contain a place: governorate, district, subdistrict; empty where there is none.
pub type Units = [String; 3];

/// A table in the making.
pub struct Table<'t> {
    /// Which.
    pub coding: Coding,
    /// Codes of the land.
    pub codes: &'t Codes,
    /// Finds the units that contain the place with an id.
    pub units: &'t dyn Fn(&str) -> Units,
    /// Origin of the row: program, land and rulings with their versions.
    pub made_by: String,
}

impl std::fmt::Debug for Table<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("coding", &self.coding)
            .finish_non_exhaustive()
    }
}

/// One account with its event.
struct Coded<'a> {
    table: &'a Table<'a>,
    event: &'a Event,
    differs_in: String,
    told: &'a EventAccount<'a>,
    units: Units,
}

impl Coded<'_> {
    fn account(&self) -> &Account {
        &self.told.now.account
    }

    fn point(&self) -> [f64; 2] {
        self.account().site.points[0]
    }

    fn location(&self) -> String {
        let names = self.account().site.places.iter().map(|place| {
            let name = place.name.best(crate::language::Language::English);
            if name.is_empty() {
                place.id.clone()
            } else {
                name.to_owned()
            }
        });
        names.collect::<Vec<_>>().join("; ")
    }

    fn outlets(&self) -> String {
        let names = self
            .told
            .outlets
            .iter()
            .filter_map(|outlet| outlet.account.outlet.clone());
        names.collect::<Vec<_>>().join("; ")
    }
}

impl Table<'_> {
    /// The header, as bytes of CSV (UTF-8 with a byte order mark, so that spreadsheets read Arabic); of HXL with the row of
    /// hashtags.
    pub fn head(&self) -> Vec<u8> {
        let mut out = "\u{feff}".as_bytes().to_vec();
        match self.coding {
            Coding::Acled => write(&mut out, acled::COLUMNS.map(str::to_owned)),
            Coding::Ucdp => write(&mut out, ucdp::COLUMNS.map(str::to_owned)),
            Coding::Hxl => {
                write(&mut out, hxl::COLUMNS.map(|(name, _)| name.to_owned()));
                write(&mut out, hxl::COLUMNS.map(|(_, tag)| tag.to_owned()));
            }
        }
        out
    }

    /// The rows of an event: one for each account; of UCDP only for those that count dead.
    pub fn rows(&self, event: &Event) -> Vec<u8> {
        let mut out = Vec::new();
        let all = event.told();
        let differs_in = event.differs_in(&all).join("; ");
        for told in &all {
            let place = told.now.account.site.places.first();
            let coded = Coded {
                table: self,
                event,
                differs_in: differs_in.clone(),
                told,
                units: place.map_or_else(Units::default, |place| (self.units)(&place.id)),
            };
            match self.coding {
                Coding::Acled => write(&mut out, acled::row(&coded)),
                // The dataset is one of deaths.
                Coding::Ucdp if !ucdp::has_deaths(coded.account()) => {}
                Coding::Ucdp => write(&mut out, ucdp::row(&coded)),
                Coding::Hxl => write(&mut out, hxl::row(&coded)),
            }
        }
        out
    }
}

fn write(out: &mut Vec<u8>, cells: impl IntoIterator<Item = String>) {
    let mut writer = csv::Writer::from_writer(out);
    // Writing to memory does not fail.
    let _ = writer.write_record(cells);
    let _ = writer.flush();
}

/// A cell of foreign text.
fn words(text: impl Into<String>) -> String {
    harmless_cell(text.into())
}

fn kind(account: &Account) -> String {
    match serde_json::to_value(account.kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The figures of an account for one thing.
fn figures<'a>(account: &'a Account, what: &str) -> Vec<&'a Figure> {
    account.figures.iter().filter(|figure| figure.what == what).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_those_of_the_codebooks() {
        assert_eq!(acled::COLUMNS.len(), 31);
        assert_eq!((acled::COLUMNS[0], acled::COLUMNS[30]), ("event_id_cnty", "timestamp"));
        assert_eq!(ucdp::COLUMNS.len(), 49);
        assert_eq!((ucdp::COLUMNS[0], ucdp::COLUMNS[48]), ("id", "gwnob"));
        assert!(hxl::COLUMNS.iter().all(|(_, tag)| tag.starts_with('#')));
    }
}
