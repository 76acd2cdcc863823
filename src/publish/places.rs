//! Finding places by name, by position and by id.

use crate::{
    gazetteer::{Level, Place, SearchOptions},
    geodesy,
    land::Land,
    layers::Bounds,
    server::{PlaceMatch, PlaceService, SearchQuery},
    territory::{DisputedArea, Worldview},
};
use ecow::EcoString;
use geo::{BoundingRect, Geometry, Rect};
use rstar::{RTree, primitives::GeomWithData};
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock};

/// Number of candidates nearest in degrees that are measured on the ellipsoid. A degree of longitude is at most a sixth
/// shorter or longer than its neighbour's over a land, so the true nearest is well within them.
const CANDIDATES: usize = 16;

/// The gazetteer service of the endpoints.
pub struct Places {
    land: Arc<Land>,
    points: OnceLock<RTree<GeomWithData<[f64; 2], u32>>>,
    codes: OnceLock<FxHashMap<EcoString, u32>>,
}

impl Places {
    /// Indexes nothing yet.
    pub fn new(land: Arc<Land>) -> Self {
        Self {
            points: OnceLock::new(),
            codes: OnceLock::new(),
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

    /// Places by the codes of other datasets, indexed at the first look-up by code.
    fn codes(&self) -> &FxHashMap<EcoString, u32> {
        self.codes.get_or_init(|| {
            let mut codes = FxHashMap::default();
            let places = || self.land.gazetteer.places().iter().zip(0u32..);
            // Where two datasets have the same number the later loop does not replace the earlier one.
            for (place, index) in places() {
                let same = &place.same_as;
                let texts = [&same.codes.pcode, &same.codes.iso3166_2, &same.codes.wikidata];
                for code in texts.into_iter().flatten() {
                    codes.entry(code_key(code)).or_insert(index);
                }
                codes.entry(code_key(&place.id)).or_insert(index);
            }
            for (place, index) in places() {
                if let Some(number) = place.same_as.geonames {
                    codes.entry(number.to_string().into()).or_insert(index);
                    codes.entry(format!("GEONAMES:{number}").into()).or_insert(index);
                }
            }
            for (place, index) in places() {
                if let Some(number) = place.same_as.wof {
                    codes.entry(number.to_string().into()).or_insert(index);
                    codes.entry(format!("WOF:{number}").into()).or_insert(index);
                }
            }
            codes
        })
    }

    /// The unit that a place is or lies in, finest first.
    fn unit_of(&self, place: &Place) -> Option<String> {
        let units = std::iter::once(place.id.as_str()).chain(place.parents.iter().map(String::as_str));
        let known = units.into_iter().find(|id| self.land.boundaries.unit(id).is_some());
        known.map(str::to_owned)
    }

    /// The disputed area that a place is or lies in; by its point where the unit that contains it is larger.
    fn dispute_of(&self, place: &Place) -> Option<Arc<DisputedArea>> {
        if place.foreign {
            return None;
        }
        let (boundaries, disputed) = (&self.land.boundaries, &self.land.disputed);
        let unit = self.unit_of(place)?;
        let covering = disputed.covering(&unit, boundaries).or_else(|| {
            let is_point = boundaries.unit(&place.id).is_none() && !place.approximate;
            let at = boundaries
                .unit_at(Level::Subdistrict, place.point)
                .filter(|_| is_point)?;
            disputed.covering(&at.pcode, boundaries)
        });
        covering.cloned().map(Arc::new)
    }

    fn found(&self, place: &Place, matched: String, reason: String, importance: f64) -> PlaceMatch {
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
        PlaceMatch {
            place: place.clone(),
            parents,
            matched,
            reason,
            importance,
            bounds: Some(bounds),
            geometry,
            disputed: self.dispute_of(place),
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
    fn search(&self, query: &SearchQuery<'_>) -> Vec<PlaceMatch> {
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

    fn reverse(&self, lon: f64, lat: f64, finest: Level) -> Option<PlaceMatch> {
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

    fn lookup(&self, ids: &[&str]) -> Vec<PlaceMatch> {
        let gazetteer = &self.land.gazetteer;
        let by_code = |id: &str| self.codes().get(&code_key(id)).map(|index| gazetteer.at(*index));
        let places = ids.iter().filter_map(|id| match gazetteer.get(id) {
            Some(place) => Some((place, "id")),
            None => Some((by_code(id)?, "code")),
        });
        places
            .map(|(place, reason)| self.found(place, String::new(), reason.to_owned(), f64::from(place.rank) / 100.0))
            .collect()
    }

    fn fits_noun(&self, query: &str, found: &PlaceMatch) -> bool {
        self.land.search().fits_noun(query, &found.matched, found.place.level)
    }

    fn see(&self, found: &mut PlaceMatch, worldview: &str) {
        // The server has refused ids of other worldviews.
        let Ok(view) = worldview.parse::<Worldview>() else {
            return;
        };
        let governorate = self
            .unit_of(&found.place)
            .and_then(|unit| self.land.governorate_of(view, &unit));
        let governorate = governorate.and_then(|id| self.land.gazetteer.get(&id));
        if let Some(governorate) = governorate.filter(|governorate| governorate.id != found.place.id) {
            let at = found
                .parents
                .iter()
                .position(|parent| parent.level == Level::Governorate);
            found.parents.retain(|parent| parent.level != Level::Governorate);
            let at = at.unwrap_or(found.parents.len()).min(found.parents.len());
            found.parents.insert(at, governorate.clone());
        }
        for place in std::iter::once(&mut found.place).chain(&mut found.parents) {
            if self.land.boundaries.unit(&place.id).is_some() {
                place.names = place.names.preferring(&self.land.name_of(view, &place.id));
            }
        }
    }
}

/// Codes are compared without regard to letter case.
fn code_key(code: &str) -> EcoString {
    code.trim().to_uppercase().into()
}
