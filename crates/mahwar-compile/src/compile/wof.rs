//! Who's On First records: one JSON object a line.

use super::{CompileError, source::read_text};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

/// Names in one language by kind: `preferred`, `variant`, `colloquial`.
pub type NamesByKind = BTreeMap<String, Vec<String>>;

/// A record, reduced to the fields that the gazetteer uses.
#[derive(Clone, Debug, Deserialize)]
pub struct Record {
    /// Who's On First id.
    pub id: u64,
    /// Name in plain Latin letters, sometimes with marks.
    pub name: String,
    /// `locality`, `neighbourhood`, `county`, `region`, `campus`, `country`.
    pub placetype: String,
    /// Longitude, degrees.
    pub lon: f64,
    /// Latitude, degrees.
    pub lat: f64,
    /// GeoNames id.
    pub gn_id: Option<u64>,
    /// GeoNames feature code (`PPLA`, `PPL`, …).
    pub gn_fcode: Option<String>,
    /// Wikidata item.
    pub wd_id: Option<String>,
    /// Inhabitants.
    pub population: Option<u64>,
    /// Date from which the place is no more.
    pub ceased: Option<String>,
    /// Date from which the record is no more.
    pub deprecated: Option<String>,
    /// Records that replaced it.
    #[serde(default)]
    pub superseded_by: Vec<u64>,
    /// Names by ISO 639-3 language.
    #[serde(default)]
    pub names: BTreeMap<String, NamesByKind>,
    /// Line in the file, from 1.
    #[serde(skip)]
    pub row: usize,
}

impl Record {
    /// True when upstream retired the record or the place.
    pub fn is_retired(&self) -> bool {
        self.ceased.is_some() || self.deprecated.is_some()
    }

    /// Names of one language and kind.
    pub fn names_of<'a>(&'a self, language: &str, kind: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let names = self.names.get(language).and_then(|kinds| kinds.get(kind));
        names.into_iter().flatten().map(String::as_str)
    }
}

/// Reads the file, in the order of ids.
///
/// # Errors
/// A line that is no record, a coordinate that is none, an id that occurs twice: with file and line.
pub fn read_records(file: &Path) -> Result<Vec<Record>, CompileError> {
    let text = read_text(file)?;
    let mut records = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let row = index + 1;
        let mut record: Record =
            serde_json::from_str(line).map_err(|error| CompileError::row(file, row, error.to_string()))?;
        if !(record.lon.abs() <= 180.0 && record.lat.abs() <= 90.0) {
            let what = format!("({}, {}) is no longitude and latitude", record.lon, record.lat);
            return Err(CompileError::unit(file, row, &format!("wof-{}", record.id), what));
        }
        record.row = row;
        records.push(record);
    }
    records.sort_by_key(|record| record.id);
    if let Some(pair) = records.windows(2).find(|pair| pair[0].id == pair[1].id) {
        let what = format!("the id stands twice (also in row {})", pair[0].row);
        return Err(CompileError::unit(
            file,
            pair[1].row,
            &format!("wof-{}", pair[1].id),
            what,
        ));
    }
    Ok(records)
}
