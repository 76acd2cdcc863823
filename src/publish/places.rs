//! Finding places by name, by position and by id.

use crate::{
    gazetteer::{Level, Place, SearchOptions},
    geodesy,
    land::Land,
    layers::Bounds,
    server::{Found, PlaceService, SearchQuery},
};
use geo::{BoundingRect, Geometry, Rect};
use rstar::{RTree, primitives::GeomWithData};
use std::sync::{Arc, OnceLock};

/// How many candidates nearest in degrees are measured on the ellipsoid. A degree of longitude is at most a sixth shorter
/// or longer than its neighbour's over a land, so the true nearest is well within them.
const CANDIDATES: usize = 16;

/// The gazetteer behind the endpoints.
pub struct Places {
    land: Arc<Land>,
    points: OnceLock<RTree<GeomWithData<[f64; 2], u32>>>,
}

impl Places {
    /// Indexes nothing yet.
    pub fn new(land: Arc<Land>) -> Self {
        Self {
            points: OnceLock::new(),
            land,
        }
    }

    /// The points of settlements and their quarters, indexed when a position is first asked for.
    fn points(&self) -> &RTree<GeomWithData<[f64; 2], u32>> {
        self.points.get_or_init(|| {
            let places = self.land.gazetteer.places().iter().zip(0u32..);
            let settled =
                places.filter(|(place, _)| !place.foreign && !place.approximate && place.level == Level::Settlement);
            let points = settled.map(|(place, index)| GeomWithData::new(place.point, index));
            RTree::bulk_load(points.collect())
        })
    }

    fn found(&self, place: &Place, matched: String, reason: String, importance: f64) -> Found {
        let parents = place
            .parents
            .iter()
            .filter_map(|id| self.land.gazetteer.get(id))
            .cloned()
            .collect();
        let geometry = self
            .land
            .boundaries
            .geometry(&place.id)
            .map(Geometry::MultiPolygon)
            .map(Arc::new);
        let [lon, lat] = place.point;
        let bounds = match geometry.as_deref().and_then(Geometry::bounding_rect) {
            Some(rect) => Bounds::from(rect),
            None => Bounds::from(Rect::new((lon, lat), (lon, lat))),
        };
        Found {
            place: place.clone(),
            parents,
            matched,
            reason,
            importance,
            bounds: Some(bounds),
            geometry,
        }
    }

    fn nearest_settlement(&self, position: [f64; 2]) -> Option<(&Place, f64)> {
        let near = self.points().nearest_neighbor_iter(position).take(CANDIDATES);
        near.map(|entry| {
            let place = self.land.gazetteer.at(entry.data);
            (place, geodesy::distance_m(position, place.point))
        })
        .min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

impl PlaceService for Places {
    fn search(&self, query: &SearchQuery<'_>) -> Vec<Found> {
        let options = SearchOptions {
            language: Some(query.language),
            limit: query.limit,
            levels: query.levels.to_vec(),
            bbox: query.viewbox.filter(|_| query.bounded).map(|bounds| bounds.0),
            ..SearchOptions::default()
        };
        let hits = self.land.search().search(&self.land.gazetteer, query.text, &options);
        let found = hits.into_iter().map(|hit| {
            let place = self.land.gazetteer.at(hit.index);
            self.found(place, hit.name, hit.reason.to_string(), hit.score.min(1.0))
        });
        found.collect()
    }

    fn reverse(&self, lon: f64, lat: f64, finest: Level) -> Option<Found> {
        let position = [lon, lat];
        if finest >= Level::Settlement {
            // A settlement answers only inside the land: abroad the nearest village would be misleading.
            self.land.boundaries.unit_at(Level::Country, position)?;
            let (place, metres) = self.nearest_settlement(position)?;
            let reason = format!("nearest settlement, {:.1} km away", metres / 1000.0);
            return Some(self.found(place, String::new(), reason, f64::from(place.rank) / 100.0));
        }
        let level = if finest == Level::Region {
            Level::Country
        } else {
            finest
        };
        let unit = self.land.boundaries.unit_at(level, position)?;
        let place = self.land.gazetteer.get(&unit.pcode)?;
        Some(self.found(
            place,
            String::new(),
            "contains the position".to_owned(),
            f64::from(place.rank) / 100.0,
        ))
    }

    fn all(&self) -> &[Place] {
        self.land.gazetteer.places()
    }

    fn lookup(&self, ids: &[&str]) -> Vec<Found> {
        let places = ids.iter().filter_map(|id| self.land.gazetteer.get(id));
        places
            .map(|place| self.found(place, String::new(), "id".to_owned(), f64::from(place.rank) / 100.0))
            .collect()
    }
}
