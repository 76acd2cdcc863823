//! A feature as builders pass it to a layer.

use super::{Bounds, FirstZooms, TimeSpan};
use geo::{BoundingRect, Geometry};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Attributes in the order of the layer's fields; plain Unicode, never presentation forms.
pub type Properties = Map<String, Value>;

/// A feature before it is added to a layer: a stable id, a geometry in WGS 84 degrees (longitude, latitude),
/// attributes.
///
/// A [`super::Layer`] stores it in columns and returns it as a [`super::FeatureRef`].
#[derive(Clone, Debug)]
pub struct Feature {
    /// Stable id, unique in its layer.
    pub id: String,
    /// At full resolution; none for documents.
    pub geometry: Option<Arc<Geometry<f64>>>,
    /// The zoom from which each of its points is drawn, simplified together with its neighbours; none if `geometry`
    /// serves every zoom.
    pub first_zooms: Option<FirstZooms>,
    /// Attributes.
    pub properties: Properties,
    /// Its validity in time; absent for features without a time.
    pub time: Option<TimeSpan>,
    /// Position of its label (longitude, latitude); computed for polygons where absent.
    pub label: Option<[f64; 2]>,
    /// The lowest zoom at which tiles include it, so that a tile of a whole country does not have every village.
    pub min_zoom: u8,
}

impl Feature {
    /// A feature with one geometry for every zoom.
    pub fn new(id: impl Into<String>, geometry: Option<Geometry<f64>>, properties: Properties) -> Self {
        Self {
            id: id.into(),
            geometry: geometry.map(Arc::new),
            first_zooms: None,
            properties,
            time: None,
            label: None,
            min_zoom: 0,
        }
    }

    /// Bounds of the geometry at full resolution.
    pub fn bounds(&self) -> Option<Bounds> {
        self.geometry.as_ref()?.bounding_rect().map(Bounds::from)
    }

    /// Stable number for formats that take no text ids (MVT): the first 53 bits of the SHA-256 of the id.
    pub fn number(&self) -> u64 {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(self.id.as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        u64::from_be_bytes(first) >> 11
    }
}
