//! Rows as a reader finds them, before they become features.

use super::error::{Notices, SourceError};
use crate::{geodesy::Crs, layers::GeometryKind};
use geo::Geometry;
use rustc_hash::FxHashMap;
use serde_json::Value;

/// How many rows of one source are read into memory at most.
pub const MAX_ROWS: usize = 5_000_000;

/// The reference system that a source states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declared {
    /// One that the program knows. Coordinates are longitude and latitude, or easting and northing.
    Known(Crs),
    /// One that it does not know, by its name.
    Unknown(String),
    /// None: degrees are assumed if the coordinates are degrees.
    Silent,
}

/// One row.
#[derive(Clone, Debug)]
pub struct RawRow {
    /// Row, line or feature, from 1, as a message names it.
    pub number: u64,
    /// Id of the row in its source.
    pub id: Option<String>,
    /// Its geometry in the source's reference system.
    pub geometry: Option<Geometry<f64>>,
    /// Values by the position of their column; may be shorter than the columns.
    pub values: Vec<Value>,
}

/// All rows of a source.
#[derive(Clone, Debug)]
pub struct Rows {
    /// Names of the columns, each once.
    pub columns: Vec<String>,
    pub(super) positions: FxHashMap<String, usize>,
    /// The rows in the order of the source.
    pub rows: Vec<RawRow>,
    /// The reference system.
    pub declared: Declared,
    /// The kind of geometry that the source states, for one without rows.
    pub kind: Option<GeometryKind>,
    /// True if a geometry has heights, which are not kept.
    pub has_heights: bool,
    /// True if all values are texts of which the types are still to be found.
    pub is_text: bool,
    /// Rows that were left out, and other facts.
    pub notices: Notices,
}

impl Default for Rows {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            positions: FxHashMap::default(),
            rows: Vec::new(),
            declared: Declared::Silent,
            kind: None,
            has_heights: false,
            is_text: false,
            notices: Notices::default(),
        }
    }
}

impl Rows {
    /// The position of a column, which is added where it is new.
    pub fn column(&mut self, name: &str) -> usize {
        if let Some(&at) = self.positions.get(name) {
            return at;
        }
        let at = self.columns.len();
        self.columns.push(name.to_owned());
        self.positions.insert(name.to_owned(), at);
        at
    }

    /// Adds a row.
    ///
    /// # Errors
    /// More than [`MAX_ROWS`] rows.
    pub fn push(&mut self, source: &str, row: RawRow) -> Result<(), SourceError> {
        if self.rows.len() == MAX_ROWS {
            let what = format!("it has more than {MAX_ROWS} rows, which is the limit for a layer in memory");
            return Err(SourceError::new(source, what).remedy(
                "make a tile archive of it (tippecanoe -o layer.pmtiles …) or load it into PostGIS and name the table",
            ));
        }
        self.rows.push(row);
        Ok(())
    }

    /// Values in the order of the columns, from names and values.
    pub fn values(&mut self, pairs: impl IntoIterator<Item = (String, Value)>) -> Vec<Value> {
        let mut values = Vec::with_capacity(self.columns.len());
        for (name, value) in pairs {
            let at = self.column(&name);
            if values.len() <= at {
                values.resize(at + 1, Value::Null);
            }
            values[at] = value;
        }
        values
    }
}
