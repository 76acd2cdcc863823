//! Interfaces of the server to the rest of the program, so that it can be tested alone.

use super::state::StoredDocument;
pub use crate::query::FeatureQuery;
use crate::{
    corridor::Part,
    events::Event,
    formats::Table,
    gazetteer::{Level, LocalName, Place, Reason},
    geodesy::PositionError,
    geoparse::{MentionPlace, Parse},
    ingest::AcceptedText,
    language::Language,
    layers::{Bounds, Feature, Layer},
    store::{
        Deletion, Edit, EventPage, EventQuery, EventRuling, FeedRow, FindQuery, Kin, NewEdit, NewEventRuling,
        NewRuling, Original, Put, Ruling, Store, StoreError,
    },
    table::{ColumnChoice, Sink, Summary, TableError},
    territory::DisputedArea,
};
use geo::Geometry;
use jiff::Timestamp;
use serde_json::Value;
use std::{fmt, sync::Arc};

/// Reads a text that was published at an RFC 3339 date or date-time, or without one.
pub type Geoparse = Arc<dyn Fn(&str, Option<&str>) -> Parse + Send + Sync>;

/// Reads a table and writes it with places, row by row.
pub type Tabulate = Arc<dyn Fn(Table, &ColumnChoice, &mut dyn Sink) -> Result<Summary, TableError> + Send + Sync>;

/// The services that endpoints call.
#[derive(Clone)]
pub struct Services {
    /// Reads a text.
    pub geoparse: Geoparse,
    /// Reads a table.
    pub tabulate: Tabulate,
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
    /// Box to search first, or only.
    pub viewbox: Option<Bounds>,
    /// Only in `viewbox`.
    pub bounded: bool,
    /// Only these levels; all for an empty list.
    pub levels: &'q [Level],
}

/// A place that was found.
#[derive(Clone, Debug)]
pub struct PlaceMatch {
    /// The place.
    pub place: Place,
    /// The places that contain it, nearest first.
    pub parents: Vec<Place>,
    /// The name that matched.
    pub matched: String,
    /// Kind of the match: `exact`, `folded`, `edit distance 1`, …
    pub reason: String,
    /// 0..=1.
    pub importance: f64,
    /// The box of its geometry; of its point when it has no other.
    pub bounds: Option<Bounds>,
    /// Its boundary, when it has one.
    pub geometry: Option<Arc<Geometry<f64>>>,
    /// The disputed area that it is or lies in.
    pub disputed: Option<Arc<DisputedArea>>,
}

impl PlaceMatch {
    /// True if it has the requested name, except for spelling that never distinguishes places.
    pub fn has_the_name(&self) -> bool {
        let same = [Reason::Exact, Reason::Folded, Reason::Article];
        same.iter().any(|reason| self.reason == reason.to_string())
    }
}

/// Finds places in the gazetteer.
pub trait PlaceService: Send + Sync {
    /// By name, best first.
    fn search(&self, query: &SearchQuery<'_>) -> Vec<PlaceMatch>;
    /// The finest place at a position that is not finer than a level.
    fn reverse(&self, lon: f64, lat: f64, finest: Level) -> Option<PlaceMatch>;
    /// Every place.
    fn all(&self) -> &[Place];
    /// By id of the gazetteer or a code of another dataset (P-code, ISO 3166-2, Wikidata `Q…`, number of GeoNames or
    /// Who's On First); unknown ids are left out.
    fn lookup(&self, ids: &[&str]) -> Vec<PlaceMatch>;
    /// False if a query names another kind of place than the one that was found.
    fn fits_noun(&self, _query: &str, _found: &PlaceMatch) -> bool {
        true
    }
    /// Replaces the governorate and the names by those of a worldview.
    fn see(&self, found: &mut PlaceMatch, worldview: &str);
}

/// Errors of the file of local names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum LocalNameError {
    #[error("{0}")]
    Known(String),
    #[error("there is no such local name or place")]
    Missing,
    #[error("the file of local names cannot be used: {0}")]
    File(String),
}

/// Names that analysts add to the gazetteer of the land.
pub trait LocalNameService: Send + Sync + fmt::Debug {
    /// All of them, oldest first.
    fn list(&self) -> Result<Vec<LocalName>, LocalNameError>;
    /// Adds one; texts are read with it when this returns.
    fn add(&self, name: LocalName) -> Result<(), LocalNameError>;
    /// Removes a name of a place.
    fn remove(&self, place: &str, name: &str) -> Result<(), LocalNameError>;
}

/// Errors of the corridor service.
#[derive(Clone, Debug, PartialEq)]
pub enum CorridorRefusal {
    /// No such definition; these are.
    UnknownDefinition(Vec<String>),
    /// A number that the line does not take: a chainage beyond its end, a width of nothing.
    OutOfRange(PositionError),
}

/// The requested line, and the worldview that names the units beside it.
#[derive(Clone, Copy, Debug)]
pub struct LineQuery<'q> {
    /// Id of the definition; none for the default one.
    pub definition: Option<&'q str>,
    /// Id of the worldview; none for the default one.
    pub worldview: Option<&'q str>,
}

/// Measures along the corridor. The values are the public JSON of DESIGN section 5.
pub trait CorridorService: Send + Sync {
    /// Definitions, published figures and the claims of these documents.
    fn definitions(&self, documents: &[Arc<StoredDocument>]) -> Value;
    /// The line as a GeoJSON feature.
    fn line(&self, line: LineQuery<'_>) -> Result<Value, CorridorRefusal>;
    /// Chainage and distance of a position.
    fn locate(&self, line: LineQuery<'_>, lon: f64, lat: f64) -> Result<Value, CorridorRefusal>;
    /// The point at a chainage, as a GeoJSON feature.
    fn at(&self, line: LineQuery<'_>, km: f64) -> Result<Value, CorridorRefusal>;
    /// Units that the line passes, with their stretches. `by` is `governorate` or `district`.
    fn profile(&self, line: LineQuery<'_>, by: &str) -> Result<Value, CorridorRefusal>;
    /// A slice, a strip, posts or crossings, as a GeoJSON feature or collection.
    fn part(&self, line: LineQuery<'_>, part: Part) -> Result<Value, CorridorRefusal>;
}

/// A document of the store.
#[derive(Clone, Debug)]
pub struct DocumentRecord {
    /// Its number in order of arrival.
    pub number: i64,
    /// Media type of the original, if one is kept.
    pub original: Option<String>,
    /// The document and its parse.
    pub read: Arc<StoredDocument>,
}

/// A page of the documents.
#[derive(Clone, Debug, Default)]
pub struct DocumentRecordPage {
    /// Those that can be read.
    pub documents: Vec<DocumentRecord>,
    /// The number to go on after; `None` at the end.
    pub next: Option<i64>,
    /// Ids of those of this page that cannot be read.
    pub damaged: Vec<String>,
}

/// State of a store at one moment.
#[derive(Clone, Debug, Default)]
pub struct StoreHealth {
    /// Reason why it cannot be relied on now: it is not open, does not answer, or is another one than was opened.
    /// Contains no path.
    pub trouble: Option<String>,
    /// Time of its last answer.
    pub answered: Option<Timestamp>,
    /// Ids of documents that could not be read when something asked for them.
    pub damaged_documents: Vec<String>,
    /// Number of rows of the table of places that cannot be read.
    pub damaged_places: usize,
    /// Number of documents that another version of the program or of the land read.
    pub outdated: u64,
}

/// Start of a stretch of features: after this document and part of it; `(0, 0)` is the beginning.
pub type Cursor = (i64, u32);

/// Some features of a long layer, in order of arrival.
#[derive(Debug, Default)]
pub struct FeaturePage {
    /// The features.
    pub features: Vec<Feature>,
    /// Number of features that were skipped.
    pub skipped: usize,
    /// Start of the next stretch; `None` at the end.
    pub next: Option<Cursor>,
}

/// Documents that stay, with rulings on their mentions. Every call may block; none holds up a reader of the snapshot.
pub trait DocumentService: Send + Sync {
    /// Stores texts, all or none; results are in order. New documents are in every layer when this returns. With
    /// `again`, texts that were deleted are stored as new documents.
    fn put(&self, taken: Vec<AcceptedText>, again: bool) -> Result<Vec<Put>, StoreError>;
    /// Deletes a document with everything that was found in it. It is gone from every layer when this returns.
    fn delete(&self, id: &str, author: Option<&str>, reason: &str) -> Result<Deletion, StoreError>;
    /// A document, as ruled or as the machine read it.
    ///
    /// # Errors
    /// [`StoreError::Deleted`] if it was deleted, [`StoreError::Damaged`] if it cannot be read.
    fn get(&self, id: &str, ruled: bool) -> Result<Option<DocumentRecord>, StoreError>;
    /// The tombstone of a document that was deleted and not kept again.
    fn deletion(&self, id: &str) -> Result<Option<Deletion>, StoreError>;
    /// The original that a document was extracted from.
    fn original(&self, id: &str) -> Result<Option<Original>, StoreError>;
    /// The feeds that are known.
    fn feeds(&self) -> Result<Vec<FeedRow>, StoreError> {
        Ok(Vec::new())
    }
    /// Lists a feed; false if it was known.
    fn list_feed(&self, _address: &str) -> Result<bool, StoreError> {
        Ok(false)
    }
    /// Takes a feed off the list; false if it was not known.
    fn remove_feed(&self, _address: &str) -> Result<bool, StoreError> {
        Ok(false)
    }
    /// Other outlets of a document, and other documents with the same text.
    fn kin(&self, id: &str) -> Result<Kin, StoreError>;
    /// The documents after a number, in order of arrival, as ruled.
    fn page(&self, after: i64, limit: usize) -> Result<DocumentRecordPage, StoreError>;
    /// Number of documents.
    fn count(&self) -> u64;
    /// Counts up with each change that shows.
    fn version(&self) -> i64;
    /// True if the store could be opened.
    fn is_open(&self) -> bool;
    /// Present state of the store.
    fn health(&self) -> StoreHealth;
    /// True for a layer that is made of documents.
    fn is_of_documents(&self, layer: &str) -> bool;
    /// A place of the gazetteer.
    fn place(&self, id: &str) -> Option<MentionPlace>;
    /// Keeps a ruling. It shows in every layer when this returns.
    fn rule(&self, new: NewRuling) -> Result<Ruling, StoreError>;
    /// Takes a ruling back.
    fn undo(&self, ruling: i64, author: &str, reason: Option<&str>) -> Result<Ruling, StoreError>;
    /// All rulings on a document, oldest first.
    fn rulings(&self, document: &str) -> Result<Vec<Ruling>, StoreError>;
    /// Stores an edit of a document, a claim or a mention. It shows in every layer when this returns.
    fn edit(&self, new: &NewEdit) -> Result<Edit, StoreError> {
        Err(StoreError::Missing(format!("document {:?}", new.document)))
    }
    /// All edits of a document, oldest first.
    fn edits(&self, _document: &str) -> Result<Vec<Edit>, StoreError> {
        Ok(Vec::new())
    }
    /// The event that one of its claims names.
    fn event(&self, _id: &str) -> Result<Option<Event>, StoreError> {
        Ok(None)
    }
    /// A page of events.
    fn events(&self, _query: &EventQuery) -> Result<EventPage, StoreError> {
        Ok(EventPage::default())
    }
    /// Joins or splits events. It shows in the layer when this returns.
    fn rule_events(&self, new: &NewEventRuling) -> Result<EventRuling, StoreError> {
        Err(StoreError::Missing(format!("event {:?}", new.event)))
    }
    /// The decisions on an event, oldest first.
    fn event_rulings(&self, event: &str) -> Result<Vec<EventRuling>, StoreError> {
        Err(StoreError::Missing(format!("event {event:?}")))
    }
    /// The next features of a layer of which only the newest are in memory.
    fn stretch(
        &self,
        layer: &str,
        ruled: bool,
        wanted: &FeatureQuery,
        after: Cursor,
    ) -> Result<FeaturePage, StoreError>;
    /// Documents that fit, as ruled.
    fn find(&self, query: &FindQuery) -> Result<DocumentRecordPage, StoreError> {
        let _ = query;
        Ok(DocumentRecordPage::default())
    }
    /// The store, for questions that its counts and indexes answer; `None` while it is not open.
    fn counts(&self) -> Option<&dyn Store> {
        None
    }
    /// Some of its features as a layer.
    fn layer(&self, layer: &str, features: &mut dyn Iterator<Item = Feature>) -> Option<Layer>;
}

impl fmt::Debug for dyn DocumentService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DocumentService")
    }
}
