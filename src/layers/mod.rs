//! Layers: named, ordered sets of features with one geometry type, each indexed in an R-tree.

mod column;
mod feature;
mod layer;
mod time;

pub use column::{Column, Pool, ValueRef, Values};
pub use feature::{Feature, Properties};
pub use layer::{Bounds, FeatureRef, Field, FieldType, GeometryKind, Layer, Naming};
pub use time::{NotATime, TimeSpan};
