//! Layers: named, ordered sets of features with one geometry type, each indexed in an R-tree.

mod catalog;
pub mod evidence;
mod feature;
mod layer;

pub use catalog::{Catalog, CatalogError, Entry};
pub use evidence::ReadDocument;
pub use feature::{Feature, Properties};
pub use layer::{Bounds, Field, FieldType, GeometryKind, Layer};
