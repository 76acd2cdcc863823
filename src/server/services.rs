//! What the server asks of the rest of the program, so that it can be tested without it.

use super::state::StoredDocument;
use crate::{
    gazetteer::{Level, Place},
    geoparse::Parse,
    language::Language,
    layers::Bounds,
};
use geo::Geometry;
use serde_json::Value;
use std::{fmt, sync::Arc};

/// Reads a text.
pub type Geoparse = Arc<dyn Fn(&str) -> Parse + Send + Sync>;

/// The parts behind the endpoints.
#[derive(Clone)]
pub struct Services {
    /// Reads a text.
    pub geoparse: Geoparse,
    /// Finds places.
    pub places: Arc<dyn PlaceService>,
    /// Measures along the corridor.
    pub corridor: Arc<dyn CorridorService>,
}

impl fmt::Debug for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Services")
    }
}

/// What to search for.
#[derive(Clone, Debug)]
pub struct SearchQuery<'q> {
    /// The name as it was typed.
    pub text: &'q str,
    /// The reader's language: breaks ties.
    pub language: Language,
    /// The greatest number of places.
    pub limit: usize,
    /// Where to look first, or only.
    pub viewbox: Option<Bounds>,
    /// Only in `viewbox`.
    pub bounded: bool,
}

/// A place that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The place.
    pub place: Place,
    /// The places that contain it, nearest first.
    pub parents: Vec<Place>,
    /// The name that matched.
    pub matched: String,
    /// How it matched: `exact`, `folded`, `edit distance 1`, …
    pub reason: String,
    /// 0..=1.
    pub importance: f64,
    /// The box of its geometry; of its point when it has no other.
    pub bounds: Option<Bounds>,
    /// Its boundary, when it has one.
    pub geometry: Option<Arc<Geometry<f64>>>,
}

/// Finds places in the gazetteer.
pub trait PlaceService: Send + Sync {
    /// By name, best first.
    fn search(&self, query: &SearchQuery<'_>) -> Vec<Found>;
    /// The finest place at a position that is not finer than a level.
    fn reverse(&self, lon: f64, lat: f64, finest: Level) -> Option<Found>;
    /// By id; unknown ids are left out.
    fn lookup(&self, ids: &[&str]) -> Vec<Found>;
}

/// Why the corridor does not answer.
#[derive(Clone, Debug, PartialEq)]
pub enum CorridorRefusal {
    /// No such definition; these are.
    UnknownDefinition(Vec<String>),
    /// The chainage is beyond the line's end, in kilometres.
    BeyondEnd(f64),
}

/// Measures along the corridor. The values are the public JSON of DESIGN section 5.
pub trait CorridorService: Send + Sync {
    /// Definitions, published figures and the claims of these documents.
    fn definitions(&self, documents: &[Arc<StoredDocument>]) -> Value;
    /// The line of a definition as a GeoJSON feature; the default one for `None`.
    fn line(&self, definition: Option<&str>) -> Result<Value, CorridorRefusal>;
    /// Where a position is along the line.
    fn locate(&self, lon: f64, lat: f64, definition: Option<&str>) -> Result<Value, CorridorRefusal>;
    /// What is at a chainage, as a GeoJSON feature.
    fn at(&self, km: f64, definition: Option<&str>) -> Result<Value, CorridorRefusal>;
    /// Which units the line passes, from where to where. `by` is `governorate` or `district`.
    fn profile(&self, by: &str, definition: Option<&str>) -> Result<Value, CorridorRefusal>;
}
