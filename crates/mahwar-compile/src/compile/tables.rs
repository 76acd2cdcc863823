//! The hand-written tables in `data/tables/`: facts that no public dataset has, or has wrongly.

use super::CompileError;
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

/// One row of a table, with its line.
#[derive(Clone, Debug)]
pub struct Row<T> {
    /// Line in the file, from 1; the header is line 1.
    pub line: usize,
    /// The row.
    pub row: T,
}

/// A table with its file, so that each complaint can name both.
#[derive(Clone, Debug)]
pub struct Table<T> {
    /// The file.
    pub file: PathBuf,
    /// Its rows.
    pub rows: Vec<Row<T>>,
}

impl<T: DeserializeOwned> Table<T> {
    /// Reads a CSV file with a header; a column too many or too few is an error.
    fn read(folder: &Path, name: &str) -> Result<Self, CompileError> {
        let file = folder.join(name);
        let text = super::source::read_text(&file)?;
        Self::parse(file, &text)
    }

    /// Reads the text of a table; `file` is for messages.
    pub fn parse(file: PathBuf, text: &str) -> Result<Self, CompileError> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let headers = reader
            .headers()
            .map_err(|error| CompileError::file(&file, error.to_string()))?
            .clone();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(0, |position| position.line() as usize);
                CompileError::row(&file, line, error.to_string())
            })?;
            let line = record.position().map_or(0, |position| position.line() as usize);
            let row = record
                .deserialize(Some(&headers))
                .map_err(|error| CompileError::row(&file, line, error.to_string()))?;
            rows.push(Row { line, row });
        }
        Ok(Self { file, rows })
    }

    /// Reads the file if it exists; a missing table is empty.
    pub(super) fn read_if_there(folder: &Path, name: &str) -> Result<Self, CompileError> {
        let file = folder.join(name);
        if file.exists() {
            Self::read(folder, name)
        } else {
            Ok(Self { file, rows: Vec::new() })
        }
    }
}

impl<T> Table<T> {
    /// A complaint about one row.
    pub fn complain(&self, line: usize, what: impl Into<String>) -> CompileError {
        CompileError::row(&self.file, line, what)
    }
}

/// `corrections.csv`: faults of a source, and the right values.
#[derive(Clone, Debug, Deserialize)]
pub struct Correction {
    /// `wof-<id>` or p-code.
    pub id: String,
    /// What to correct; see `corrections.rs`.
    pub field: String,
    /// Value in the source: the correction fails if the source has another value.
    pub old: String,
    /// Right value; an empty one removes the value.
    pub new: String,
}

/// `admin_names.csv` and `settlement_names.csv`: names by hand.
#[derive(Clone, Debug, Deserialize)]
pub struct HandName {
    /// P-code, ISO code or `wof-<id>`.
    #[serde(alias = "pcode")]
    pub id: String,
    /// `ar`, `ckb`, `en`.
    pub lang: String,
    /// `preferred` or `variant`.
    pub kind: String,
    /// The name.
    pub name: String,
}

/// `natural_features.csv` and `foreign.csv`: places that no dataset here has.
#[derive(Clone, Debug, Deserialize)]
pub struct HandPlace {
    /// Id of our own, or an ISO 3166-1 code.
    pub id: String,
    /// Level word.
    pub level: String,
    /// Finer kind.
    pub kind: String,
    /// Longitude, degrees; empty with the latitude where only the unit is known.
    pub lon: Option<f64>,
    /// Latitude, degrees.
    pub lat: Option<f64>,
    /// Ids of units, `|` between.
    pub parents: String,
    /// Arabic names, `|` between, preferred first.
    pub ar: String,
    /// Sorani names.
    pub ckb: String,
    /// English names.
    pub en: String,
}

/// `derived_units.csv`: units made of other units (the Kurdistan Region, Halabja governorate).
#[derive(Clone, Debug, Deserialize)]
pub struct DerivedUnit {
    /// Id.
    pub id: String,
    /// Level word.
    pub level: String,
    /// P-codes that it is made of, `|` between.
    pub members: String,
    /// Ids of the units above, nearest first, `|` between.
    pub parents: String,
    /// `yes` when no boundary file has it as a unit of its own level.
    pub derived: String,
}

/// `admin_codes.csv`: codes of units in other registers.
#[derive(Clone, Debug, Deserialize)]
pub struct AdminCode {
    /// P-code or other unit id.
    pub id: String,
    /// ISO 3166-2 (or 3166-1 for the country).
    pub iso3166_2: Option<String>,
    /// Wikidata item.
    pub wikidata: Option<String>,
    /// GeoNames id.
    pub geonames: Option<u64>,
    /// Who's On First id.
    pub wof: Option<u64>,
}

/// `contested_parents.csv`: a further parent of a unit according to another account.
#[derive(Clone, Debug, Deserialize)]
pub struct ContestedParent {
    /// The unit.
    pub pcode: String,
    /// The parent that it also has.
    pub parent: String,
}

/// `seats.csv`: the settlement from which a unit is run.
#[derive(Clone, Debug, Deserialize)]
pub struct Seat {
    /// The unit.
    pub pcode: String,
    /// The settlement, `wof-<id>`.
    pub id: String,
}

/// `name_prefixes.csv`: type nouns that sources write as part of a name.
#[derive(Clone, Debug, Deserialize)]
pub struct NamePrefix {
    /// `ar`, `ckb`, `en`.
    pub lang: String,
    /// `prefix` or `suffix`.
    pub side: String,
    /// The type noun.
    pub word: String,
    /// `always`, or `attested`: only when the bare name is another name of the place.
    pub drop: String,
}

/// All tables.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Tables {
    pub corrections: Table<Correction>,
    pub admin_names: Table<HandName>,
    pub settlement_names: Table<HandName>,
    pub natural_features: Table<HandPlace>,
    pub foreign: Table<HandPlace>,
    pub derived_units: Table<DerivedUnit>,
    pub admin_codes: Table<AdminCode>,
    pub contested_parents: Table<ContestedParent>,
    pub seats: Table<Seat>,
    pub name_prefixes: Table<NamePrefix>,
}

impl Tables {
    /// Reads the folder. Tables that only add may be absent; those that the compiler leans on must be there.
    ///
    /// # Errors
    /// With file and row.
    pub fn read(folder: &Path) -> Result<Self, CompileError> {
        Ok(Self {
            corrections: Table::read_if_there(folder, "corrections.csv")?,
            admin_names: Table::read_if_there(folder, "admin_names.csv")?,
            settlement_names: Table::read_if_there(folder, "settlement_names.csv")?,
            natural_features: Table::read_if_there(folder, "natural_features.csv")?,
            foreign: Table::read_if_there(folder, "foreign.csv")?,
            derived_units: Table::read_if_there(folder, "derived_units.csv")?,
            admin_codes: Table::read_if_there(folder, "admin_codes.csv")?,
            contested_parents: Table::read_if_there(folder, "contested_parents.csv")?,
            seats: Table::read_if_there(folder, "seats.csv")?,
            name_prefixes: Table::read(folder, "name_prefixes.csv")?,
        })
    }
}

impl Tables {
    /// Ids of the settlements that the tables speak of.
    pub fn named(&self) -> HashSet<&str> {
        let seats = self.seats.rows.iter().map(|row| row.row.id.as_str());
        let names = self.settlement_names.rows.iter().map(|row| row.row.id.as_str());
        seats.chain(names).collect()
    }
}

/// The items of a `|` list, trimmed, empty ones left out.
pub fn items(list: &str) -> Vec<String> {
    list.split('|')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}
