//! One feature of a layer.

use super::Bounds;
use geo::{BoundingRect, Geometry};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Attributes in the order of the layer's fields; plain Unicode, never presentation forms.
pub type Properties = Map<String, Value>;

/// A feature: a stable id, a geometry in WGS 84 degrees (longitude, latitude), attributes.
#[derive(Clone, Debug)]
pub struct Feature {
    /// Stable id, unique in its layer.
    pub id: String,
    /// Stable number for formats that take no text ids (MVT): the first 53 bits of the SHA-256 of `id`.
    pub number: u64,
    /// At full resolution; none for documents.
    pub geometry: Option<Arc<Geometry<f64>>>,
    /// The same geometry simplified with its neighbours, one for each zoom from 0; empty where `geometry` serves every zoom.
    pub by_zoom: Arc<[Arc<Geometry<f64>>]>,
    /// Bounds of `geometry`.
    pub bounds: Option<Bounds>,
    /// Attributes.
    pub properties: Properties,
    /// When it holds, as RFC 3339 dates, both ends inclusive, `None` for open; absent for what has no time.
    pub time: Option<[Option<String>; 2]>,
}

impl Feature {
    /// A feature with one geometry for every zoom.
    pub fn new(id: impl Into<String>, geometry: Option<Geometry<f64>>, properties: Properties) -> Self {
        let id = id.into();
        Self {
            number: number_of(&id),
            bounds: geometry
                .as_ref()
                .and_then(|geometry| geometry.bounding_rect())
                .map(Bounds::from),
            geometry: geometry.map(Arc::new),
            by_zoom: Arc::new([]),
            properties,
            time: None,
            id,
        }
    }

    /// The geometry to draw at a zoom.
    pub fn geometry_at(&self, zoom: u8) -> Option<&Arc<Geometry<f64>>> {
        self.by_zoom.get(usize::from(zoom)).or(self.geometry.as_ref())
    }
}

fn number_of(id: &str) -> u64 {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(id.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(first) >> 11
}
