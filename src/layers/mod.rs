//! Layers: named, ordered sets of features with one geometry type, each indexed in an R-tree.

mod feature;
mod layer;

pub use feature::{Feature, Properties};
pub use layer::{Bounds, Field, FieldType, GeometryKind, Layer};
