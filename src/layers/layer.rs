//! A layer: features of one geometry type with titles, fields and an R-tree over their bounds.

use super::Feature;
use crate::language::Trilingual;
use geo::Rect;
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// A box in degrees: west, south, east, north.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bounds(pub [f64; 4]);

impl From<Rect<f64>> for Bounds {
    fn from(rect: Rect<f64>) -> Self {
        Self([rect.min().x, rect.min().y, rect.max().x, rect.max().y])
    }
}

impl Bounds {
    fn envelope(self) -> AABB<[f64; 2]> {
        let [west, south, east, north] = self.0;
        AABB::from_corners([west, south], [east, north])
    }
}

/// The one geometry type of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum GeometryKind {
    Point,
    MultiPoint,
    LineString,
    MultiLineString,
    Polygon,
    MultiPolygon,
    None,
}

/// The type of a field (JSON Schema words).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum FieldType {
    String,
    Number,
    Integer,
    Boolean,
    /// RFC 3339 full-date or date-time.
    Date,
    /// A JSON value (list or object); a JSON text in formats that have none.
    Json,
}

/// One attribute of a layer's features.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// Key in `properties`.
    pub name: String,
    /// Its type.
    pub kind: FieldType,
    /// What it says, with its unit.
    pub title: Trilingual,
}

/// A layer, immutable once built; a change makes a new one.
#[derive(Debug)]
pub struct Layer {
    /// The id in URLs.
    pub id: String,
    /// Title.
    pub title: Trilingual,
    /// What it shows and from which source.
    pub description: Trilingual,
    /// Attribution line for sources.
    pub attribution: String,
    /// Its geometry type.
    pub geometry: GeometryKind,
    /// Its attributes, in order.
    pub fields: Vec<Field>,
    /// Zooms at which tiles hold it.
    pub zooms: [u8; 2],
    features: Vec<Feature>,
    by_id: FxHashMap<String, u32>,
    tree: RTree<Entry>,
    /// Hash of everything that a client can see in it; changes when and only when that changes.
    pub revision: u64,
}

type Entry = GeomWithData<Rectangle<[f64; 2]>, u32>;

impl Layer {
    /// Builds the index over the features. The order of features is kept: it is the order of paging.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        id: &str,
        title: Trilingual,
        description: Trilingual,
        attribution: &str,
        geometry: GeometryKind,
        fields: Vec<Field>,
        zooms: [u8; 2],
        features: Vec<Feature>,
    ) -> Self {
        let entries = features
            .iter()
            .zip(0u32..)
            .filter_map(|(feature, index)| {
                let envelope = feature.bounds?.envelope();
                Some(Entry::new(Rectangle::from_aabb(envelope), index))
            })
            .collect();
        let by_id = features
            .iter()
            .zip(0u32..)
            .map(|(feature, index)| (feature.id.clone(), index))
            .collect();
        let revision = revision_of(id, &features);
        Self {
            id: id.to_owned(),
            title,
            description,
            attribution: attribution.to_owned(),
            geometry,
            fields,
            zooms,
            features,
            by_id,
            tree: RTree::bulk_load(entries),
            revision,
        }
    }

    /// All features, in order.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// The feature with this id.
    pub fn get(&self, id: &str) -> Option<&Feature> {
        self.by_id.get(id).map(|&index| &self.features[index as usize])
    }

    /// Positions of the features whose bounds meet the box, ascending.
    pub fn within(&self, bounds: Bounds) -> Vec<u32> {
        let mut found: Vec<u32> = self
            .tree
            .locate_in_envelope_intersecting(bounds.envelope())
            .map(|entry| entry.data)
            .collect();
        found.sort_unstable();
        found
    }

    /// Bounds of all features.
    pub fn bounds(&self) -> Option<Bounds> {
        (self.tree.size() > 0).then(|| {
            let all = self.tree.root().envelope();
            Bounds([all.lower()[0], all.lower()[1], all.upper()[0], all.upper()[1]])
        })
    }
}

fn revision_of(id: &str, features: &[Feature]) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = rustc_hash::FxHasher::default();
    id.hash(&mut hasher);
    for feature in features {
        feature.id.hash(&mut hasher);
        feature.time.hash(&mut hasher);
        serde_json::to_string(&feature.properties)
            .unwrap_or_default()
            .hash(&mut hasher);
        if let Some(geometry) = &feature.geometry {
            use geo::CoordsIter;
            for coord in geometry.coords_iter() {
                coord.x.to_bits().hash(&mut hasher);
                coord.y.to_bits().hash(&mut hasher);
            }
        }
    }
    hasher.finish()
}
