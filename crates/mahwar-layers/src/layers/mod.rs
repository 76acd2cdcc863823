//! Layers: named, ordered sets of features with one geometry type, each indexed in an R-tree.

mod administrative;
mod around;
mod attribution;
mod bounds;
mod catalog;
mod column;
mod counts;
mod drawn;
pub mod evidence;
mod feature;
mod holders;
mod kind;
mod layer;
mod paint;
pub mod positions;
mod row;
mod time;
mod tree;

pub use administrative::{Drawings, Territory};
pub use around::{Context, ContextError, places};
pub use attribution::sentences_once;
pub use bounds::Bounds;
pub use catalog::{Catalog, CatalogError, Entry};
pub use column::{Column, Pool, ValueRef, Values};
pub use counts::{
    Contributions, CountKey, CountTable, Counts, Days, Dimension, EVER, MAX_WORDS, Step, UNDATED, Units, contributions,
    cut, day_of, kind_word, periods_of,
};
pub use drawn::FirstZooms;
pub use evidence::{PlaceCounts, PlaceSummary, ReadDocument, named, properties, quoted_parts};
pub use feature::{Feature, Properties};
pub use holders::Holders;
pub use kind::LayerKind;
pub use layer::{FeatureRef, Field, FieldType, GeometryKind, Layer, Naming, Partial};
pub use paint::{Colour, Paint};
pub use time::{NotATime, TimeSpan, rfc3339};
