//! Query for features that are not in memory.

use crate::layers::TimeSpan;

/// Query for a stretch: it returns at least the matching features, and maybe others.
#[derive(Clone, Debug, Default)]
pub struct FeatureQuery {
    /// Those that meet this box: west, south, east, north in degrees.
    pub bbox: Option<[f64; 4]>,
    /// Those of this time, or without a time.
    pub time: Option<TimeSpan>,
    /// Those at this place.
    pub place: Option<String>,
    /// Those of this document.
    pub document: Option<String>,
    /// Claims of this type.
    pub kind: Option<String>,
    /// Claims of this speaker.
    pub speaker: Option<String>,
    /// Features to skip at the beginning, without reading them.
    pub skip: usize,
    /// Number of features after which the stretch may end.
    pub most: usize,
    /// Rows of the store that may be read for one stretch.
    pub rows: usize,
}
