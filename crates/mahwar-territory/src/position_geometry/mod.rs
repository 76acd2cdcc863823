//! Geometries of described positions: "20 km south-west of Kirkuk" as an area with an uncertainty.
//!
//! All shapes are geodesic on WGS 84. The formulae:
//!
//! | description | area |
//! | --- | --- |
//! | coordinates | disc of half the step of their last digit, 50 m at least |
//! | distance and direction | between `d - max(s/2, 0.15 d)` and `d + max(s/2, 0.1 d) + r/2`, within the width of the direction |
//! | distance | the same all round |
//! | less than a distance | from the place up to `d + r/2` |
//! | more than a distance | from `0.95 d` to `1.5 d + r/2` |
//! | direction | from half the anchor's radius to the limit of the unit that contains the anchor, 80 km at most |
//! | direction in Sorani | the same with the side of the anchor itself |
//! | between | strip of 0.15 of the distance to either side of the straight way, 2 km at least |
//! | border area | 8 km to either side of the common boundary |
//! | along a road | 0.08 of the longest stretch between its known points to either side, 3 km at least |
//! | along a river | 4 km to either side of its line |
//! | near | disc of `r + max(5, r)`; of a unit: 5 km around it, with it |
//! | outskirts | from `r/2` to `r + max(3, 0.75 r)` |
//! | entrance | from `0.6 r` to `r + 2` |
//! | side of a unit | its half beyond the centroid; for north-east and the like the wedge of 90°, for north-north-east of 45° |
//! | "in the north of" a town in Arabic | the side of a disc of `r + max(5, r)` |
//! | centre | disc of `r/2` |
//! | quarter, street, building | the settlement |
//!
//! `d` is the distance, `s` the step to which it is rounded (doubled where the words call it approximate), `r` the
//! radius of the anchor: of a settlement by its inhabitants, of a unit that of a disc of its area. Reported distances
//! are often those of the road, which is longer than the straight way: the inner limit is wider. A direction is as wide
//! as the words distinguish directions: 30° to either side for north, 25° for north-east, 15° for north-north-east, 10°
//! more without a distance.
//!
//! The uncertainty is the root mean square distance of the area from the representative point.

mod check;
mod grid;
mod plane;
mod shapes;
mod sides;
mod sizes;

use crate::{
    gazetteer::{Gazetteer, Level, Place, name_key},
    geodesy::{LonLat, distance_m},
    geoparse::{DistanceLimit, PlacePositions, Position, PositionForm, PositionHint, PositionKind, Precision},
    territory::Boundaries,
};
use geo::MultiPolygon;
use plane::extent;
use serde::Deserialize;
use shapes::{buffer, disc, reach, ring, sector, strip};
use sizes::Sizes;
use std::sync::Arc;

/// Half the width of the border area of two units, in km.
const BORDER_KM: f64 = 8.0;
/// Half the width of the land along a river, in km.
const RIVER_KM: f64 = 4.0;
/// The farthest that a direction without a distance reaches, and the least reach beyond the anchor's radius, in km.
const REACH_KM: [f64; 2] = [10.0, 80.0];
/// A settlement of this rank is the seat of a governorate; of the second one, of a district.
const SEAT_RANKS: [u8; 2] = [95, 60];

/// A line that positions follow: a river or a road.
#[derive(Clone, Debug)]
pub struct PositionLine {
    /// Names of the river as its source has them; empty for a road.
    pub names: Vec<String>,
    /// Positions of its lines.
    pub lines: Vec<Vec<LonLat>>,
}

/// Roads of a land by the places that they pass, from `roads.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PositionRoads {
    #[serde(default)]
    road: Vec<Road>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Road {
    /// Gazetteer id of the road, where it is a place.
    place: Option<String>,
    /// Gazetteer ids of settlements on it, in order.
    via: Vec<String>,
}

impl PositionRoads {
    /// Reads `roads.toml`.
    ///
    /// # Errors
    /// When it is not TOML of this form.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

/// The box of a land with the ids that positions need.
#[derive(Clone, Debug)]
pub struct PositionLand {
    /// West, south, east, north in degrees.
    pub bbox: [f64; 4],
    /// Gazetteer id of the country.
    pub country: String,
}

/// Makes geometries of described positions of one land.
pub struct PositionGeometry {
    gazetteer: Arc<Gazetteer>,
    boundaries: Arc<Boundaries>,
    land: PositionLand,
    sizes: Sizes,
    /// By key of the name.
    rivers: Vec<(Vec<String>, Vec<Vec<LonLat>>)>,
    roads: Vec<Road>,
}

impl PositionGeometry {
    /// Positions of a land. Rivers are known by the names that they share with places.
    pub fn new(
        gazetteer: Arc<Gazetteer>,
        boundaries: Arc<Boundaries>,
        land: PositionLand,
        rivers: Vec<PositionLine>,
        roads: PositionRoads,
    ) -> Self {
        let keyed = |river: PositionLine| {
            let keys = river.names.iter().map(|name| name_key(name)).collect();
            (keys, river.lines)
        };
        Self {
            sizes: Sizes::new(Arc::clone(&gazetteer), Arc::clone(&boundaries), land.country.clone()),
            rivers: rivers.into_iter().map(keyed).collect(),
            roads: roads.road,
            gazetteer,
            boundaries,
            land,
        }
    }

    fn places(&self, position: &Position) -> Vec<&Place> {
        let places = position.places.iter();
        places.filter_map(|id| self.gazetteer.get(id)).collect()
    }

    /// The area of a description, or why it has none.
    fn area(&self, position: &Position) -> Result<MultiPolygon<f64>, String> {
        let places = self.places(position);
        let first = *places
            .first()
            .ok_or("a place that it is described from is not resolved")?;
        match position.kind {
            PositionKind::Offset => self.offset(position, first),
            PositionKind::Between => match (position.form, places.get(1)) {
                (_, None) => Err("the second place that it is described from is not resolved".to_owned()),
                (PositionForm::Border, Some(second)) => self.border(first, second),
                (_, Some(second)) => Self::between(first, second),
            },
            PositionKind::Along => self.along(position, &places),
            PositionKind::Near => self.near(position, first),
            PositionKind::Part => self.part(position, first),
            PositionKind::Place | PositionKind::Coordinates => Err("it has no description".to_owned()),
        }
    }

    /// Radius of a place in km: of a unit that of a disc with its area.
    fn radius(&self, place: &Place) -> f64 {
        match self.sizes.unit(place) {
            Some(unit) => (crate::geodesy::area_km2(&unit.area) / std::f64::consts::PI).sqrt(),
            None => self.sizes.radius_km(place),
        }
    }

    /// From where a place is measured: the centroid of a unit, the label point of any other.
    fn middle(&self, place: &Place) -> LonLat {
        self.sizes.unit(place).map_or(place.point, |unit| unit.centroid)
    }

    fn offset(&self, position: &Position, place: &Place) -> Result<MultiPolygon<f64>, String> {
        let (at, radius) = (self.middle(place), self.radius(place));
        let Some(least) = position.distance_km else {
            return match position.bearing_deg {
                Some(bearing) => Ok(self.sector(place, bearing, &position.hint)),
                None => Err("it has neither a distance nor a direction".to_owned()),
            };
        };
        let most = position.distance_upper_km.unwrap_or(least);
        let half = position.hint.step_km / 2.0 * if position.hint.about { 2.0 } else { 1.0 };
        let edge = (radius / 2.0).min(0.5 * most + 1.0);
        let [inner, outer] = match position.hint.limit {
            DistanceLimit::Exact => [
                (least - half.max(0.15 * least)).max(0.0),
                most + half.max(0.1 * most) + edge,
            ],
            DistanceLimit::AtMost => [0.0, most + edge],
            DistanceLimit::AtLeast => [0.95 * least, most + edge],
        };
        Ok(match position.bearing_deg {
            Some(bearing) => sector(at, [inner, outer], bearing, half_width(position.hint.points)),
            None => ring(at, inner, outer),
        })
    }

    /// A direction without a distance, limited by the unit that contains the anchor.
    fn sector(&self, place: &Place, bearing: f64, hint: &PositionHint) -> MultiPolygon<f64> {
        let level = match place.rank {
            rank if rank >= SEAT_RANKS[0] => Level::Governorate,
            rank if rank >= SEAT_RANKS[1] => Level::District,
            _ => Level::Subdistrict,
        };
        let (at, radius) = (self.middle(place), self.radius(place));
        let unit = self
            .boundaries
            .unit_at(level, at)
            .and_then(|unit| self.gazetteer.get(&unit.pcode));
        let shape = unit.and_then(|unit| self.sizes.unit(unit));
        let [least, most] = REACH_KM;
        let limit = |direction: f64| {
            let exit = shape
                .as_ref()
                .and_then(|shape| sides::exit_km(&shape.area, at, direction));
            exit.unwrap_or(2.5 * least).clamp((radius + least).min(most), most)
        };
        let outside = reach(at, radius / 2.0, bearing, half_width(hint.points) + 10.0, limit);
        if !hint.with_inside {
            return outside;
        }
        match sides::side(&disc(at, radius), bearing, hint.points) {
            Some(inside) => sides::union(&outside, &inside),
            None => outside,
        }
    }

    fn between(first: &Place, second: &Place) -> Result<MultiPolygon<f64>, String> {
        let km = distance_m(first.point, second.point) / 1000.0;
        match km > 0.1 {
            true => Ok(strip(first.point, second.point, (0.15 * km).max(2.0))),
            false => Err("both places lie at one point".to_owned()),
        }
    }

    fn border(&self, first: &Place, second: &Place) -> Result<MultiPolygon<f64>, String> {
        // A country abroad has no units; the land's side comes first.
        let (own, other) = if first.foreign {
            (second, first)
        } else {
            (first, second)
        };
        let set = |place: &Place| {
            let units = self.sizes.units_of(place);
            let set = self.boundaries.set(units.iter().map(String::as_str)).ok();
            set.filter(|set| !set.is_empty())
        };
        let own_set = set(own).ok_or_else(|| format!("{} has no boundary", own.id))?;
        let arcs = match other.foreign {
            true => self.boundaries.border_with(&own_set, &other.id),
            false => set(other).map(|other| self.boundaries.shared_edges(&own_set, &other)),
        };
        let arcs = arcs.filter(|arcs| !arcs.is_empty());
        let arcs = arcs.ok_or_else(|| format!("{} and {} share no boundary", own.id, other.id))?;
        let lines = self.boundaries.chain(&arcs);
        let lines: Vec<Vec<LonLat>> = lines.iter().map(|arcs| self.boundaries.line(arcs, None)).collect();
        buffer(&lines, BORDER_KM).ok_or_else(|| format!("{} and {} share no boundary", own.id, other.id))
    }

    fn along(&self, position: &Position, places: &[&Place]) -> Result<MultiPolygon<f64>, String> {
        let first = places[0];
        let area = match position.form {
            PositionForm::River => self.along_river(first)?,
            _ => self.along_road(places)?,
        };
        let within = position.hint.within.as_deref().and_then(|id| self.gazetteer.get(id));
        let Some(within) = within else { return Ok(area) };
        let limit = match self.sizes.unit(within) {
            Some(unit) => unit.area.clone(),
            None => disc(within.point, self.radius(within) + REACH_KM[0]),
        };
        let cut = sides::intersection(&area, &limit);
        // A road that does not touch the place is followed as a whole.
        Ok(if cut.0.is_empty() { area } else { cut })
    }

    fn along_river(&self, river: &Place) -> Result<MultiPolygon<f64>, String> {
        let names: Vec<String> = river.names.iter().map(|(_, name)| name_key(name)).collect();
        let line = self
            .rivers
            .iter()
            .find(|(keys, _)| keys.iter().any(|key| names.contains(key)));
        let (_, lines) = line.ok_or_else(|| format!("the land has no line of {}", river.id))?;
        let [west, south, east, north] = self.land.bbox;
        let inside = |at: &LonLat| (west..=east).contains(&at[0]) && (south..=north).contains(&at[1]);
        let lines: Vec<Vec<LonLat>> = lines
            .iter()
            .flat_map(|line| line.split(|at| !inside(at)).map(<[LonLat]>::to_vec))
            .collect();
        buffer(&lines, RIVER_KM).ok_or_else(|| format!("{} has no line inside the land", river.id))
    }

    fn along_road(&self, places: &[&Place]) -> Result<MultiPolygon<f64>, String> {
        let ids: Vec<&str> = places.iter().map(|place| place.id.as_str()).collect();
        let known = self.roads.iter().find_map(|road| road.between(&ids));
        let points: Vec<LonLat> = match (known, places) {
            (Some(via), _) => via
                .iter()
                .filter_map(|id| Some(self.gazetteer.get(id)?.point))
                .collect(),
            (None, [first, second]) => vec![self.middle(first), self.middle(second)],
            (None, _) => return Err(format!("the land has no line of {}", ids[0])),
        };
        let legs = points.windows(2).map(|leg| distance_m(leg[0], leg[1]) / 1000.0);
        let longest = legs.fold(0.0, f64::max);
        buffer(&[points], (0.08 * longest).max(3.0)).ok_or_else(|| "both ends of the road lie at one point".to_owned())
    }

    fn near(&self, position: &Position, place: &Place) -> Result<MultiPolygon<f64>, String> {
        if place.level == Level::River {
            return self.along_river(place);
        }
        let (at, radius) = (self.middle(place), self.radius(place));
        let limits = match position.form {
            PositionForm::Outskirts => [radius / 2.0, radius + (0.75 * radius).max(3.0)],
            PositionForm::Entrance => [0.6 * radius, radius + 2.0],
            _ => {
                if let Some(unit) = self.sizes.unit(place) {
                    return sides::grown(&unit.area, 5.0).ok_or_else(|| format!("{} has no area", place.id));
                }
                return Ok(disc(at, radius + radius.max(5.0)));
            }
        };
        Ok(match position.bearing_deg {
            Some(bearing) => sector(at, limits, bearing, half_width(position.hint.points) + 10.0),
            None => ring(at, limits[0], limits[1]),
        })
    }

    fn part(&self, position: &Position, place: &Place) -> Result<MultiPolygon<f64>, String> {
        let unit = self.sizes.unit(place);
        let radius = self.radius(place);
        match (position.form, position.bearing_deg) {
            (PositionForm::Centre, _) => Ok(disc(place.point, radius / 2.0)),
            (PositionForm::Quarter, _) => Ok(disc(place.point, radius)),
            (_, Some(bearing)) => {
                // "In the north of" a town may lie just outside it.
                let beyond = if position.hint.with_inside {
                    radius.max(5.0)
                } else {
                    0.0
                };
                let whole = unit.map_or_else(|| disc(place.point, radius + beyond), |unit| unit.area.clone());
                let side = sides::side(&whole, bearing, position.hint.points);
                side.ok_or_else(|| format!("{} has no area", place.id))
            }
            (_, None) => Err("it has no direction".to_owned()),
        }
    }

    /// True if a position lies in the box of the land, half a degree around it included.
    fn is_about_the_land(&self, [lon, lat]: LonLat) -> bool {
        let [west, south, east, north] = self.land.bbox;
        (west - 0.5..=east + 0.5).contains(&lon) && (south - 0.5..=north + 0.5).contains(&lat)
    }
}

impl Road {
    /// The places of the road, or those between two of them.
    fn between(&self, places: &[&str]) -> Option<&[String]> {
        let stop = |id: &str| self.via.iter().position(|via| via == id);
        match places {
            [road] if self.place.as_deref() == Some(*road) => Some(&self.via),
            [first, second] => {
                let (first, second) = (stop(first)?, stop(second)?);
                (first != second).then(|| &self.via[first.min(second)..=first.max(second)])
            }
            _ => None,
        }
    }
}

/// Half the width of a direction in degrees, by the number of directions that its words distinguish.
fn half_width(points: u8) -> f64 {
    match points {
        4 => 30.0,
        8 => 25.0,
        _ => 15.0,
    }
}

impl PlacePositions for PositionGeometry {
    fn locate(&self, position: &mut Position) {
        if position.reason.is_some() {
            return;
        }
        let area = match position.hint.coordinates.as_deref().cloned() {
            Some(coordinates) => check::place(&coordinates, self.land.bbox).map(|found| {
                position.note = found.note;
                disc(found.point, found.radius_km)
            }),
            None => self.area(position),
        };
        let extent = area.and_then(|area| extent(&area).ok_or_else(|| "its area is empty".to_owned()));
        match extent {
            Ok(extent) if self.is_about_the_land(extent.point) => {
                position.resolved = true;
                position.extent = Some(Arc::new(extent));
                position.precision = Some(match (position.kind, position.form) {
                    (PositionKind::Coordinates, _) => Precision::Point,
                    (_, PositionForm::Quarter) => Precision::Quarter,
                    _ => Precision::Area,
                });
            }
            Ok(_) => position.refuse("it lies outside the land"),
            Err(reason) => position.refuse(reason),
        }
    }

    fn radius_km(&self, place: &str) -> Option<f64> {
        let km = self.sizes.spread_km(self.gazetteer.get(place)?)?;
        Some((km * 100.0).round() / 100.0)
    }
}
