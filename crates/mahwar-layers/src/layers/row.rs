//! Data of a feature in a layer, beside its attributes.

use super::{Bounds, Feature, FirstZooms, TimeSpan};
use geo::{Geometry, Point};
use std::sync::Arc;

/// A feature without its attributes. A layer may have as many as the gazetteer has places, so fields that places lack
/// are stored separately.
#[derive(Debug)]
pub(super) struct Row {
    pub number: u64,
    pub shape: Shape,
    pub rare: Option<Box<Rare>>,
    pub min_zoom: u8,
}

/// A geometry; a point, the most frequent one, is stored inline.
#[derive(Debug)]
pub(super) enum Shape {
    None,
    Point(Point<f64>),
    Other(Arc<Geometry<f64>>),
}

impl From<Option<Arc<Geometry<f64>>>> for Shape {
    fn from(geometry: Option<Arc<Geometry<f64>>>) -> Self {
        match geometry {
            None => Self::None,
            Some(geometry) => match *geometry {
                Geometry::Point(point) => Self::Point(point),
                _ => Self::Other(geometry),
            },
        }
    }
}

/// Fields that are stored out of line because most rows lack them: points without a time.
#[derive(Debug)]
pub(super) struct Rare {
    pub first_zooms: Option<FirstZooms>,
    bounds: Option<Bounds>,
    pub time: Option<TimeSpan>,
    pub label: Option<[f64; 2]>,
}

impl Row {
    pub fn new(feature: Feature) -> Self {
        let number = feature.number();
        let bounds = feature.bounds();
        let shape = Shape::from(feature.geometry);
        let is_point = matches!(shape, Shape::None | Shape::Point(_));
        let plain = is_point && feature.first_zooms.is_none() && feature.time.is_none() && feature.label.is_none();
        let rare = (!plain).then_some(Rare {
            first_zooms: feature.first_zooms,
            bounds,
            time: feature.time,
            label: feature.label,
        });
        Self {
            number,
            shape,
            rare: rare.map(Box::new),
            min_zoom: feature.min_zoom,
        }
    }

    pub fn bounds(&self) -> Option<Bounds> {
        match (&self.rare, &self.shape) {
            (Some(rare), _) => rare.bounds,
            (None, Shape::Point(point)) => Some(Bounds([point.x(), point.y(), point.x(), point.y()])),
            (None, _) => None,
        }
    }

    pub fn time(&self) -> Option<TimeSpan> {
        self.rare.as_ref()?.time
    }
}
