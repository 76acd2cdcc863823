//! Where a claim says that something happened: points with an uncertainty, and the cells of the grid that finds them.

use crate::{
    geodesy::{LonLat, destination, distance_m},
    language::Trilingual,
};
use geo::{LineString, MultiPolygon, Polygon};
use serde::{Deserialize, Serialize};

/// Sites that are less certain than this are no sites of events, in kilometres: a country or a region.
pub const LARGEST_KM: f64 = 120.0;
/// The points of one site are at most so far from the first, in kilometres. Sites are found by their first point.
pub const SPREAD_KM: f64 = 60.0;
/// Side of a cell of the grid, in degrees.
const CELL: f64 = 1.0;
/// Cells around the world.
const AROUND: i64 = 360;
/// Kilometres of a degree of latitude, at least.
const DEGREE_KM: f64 = 110.5;
/// Vertices of a circle.
const VERTICES: u32 = 48;

/// A place that a claim names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedPlace {
    /// Gazetteer id.
    pub id: String,
    /// Names.
    pub name: Trilingual,
    /// Its level or precision, as JSON has it.
    pub level: String,
}

/// Where something happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Longitude and latitude in degrees; one point at least.
    pub points: Vec<LonLat>,
    /// The true place is about so far from one of the points at most, in kilometres.
    pub uncertainty_km: f64,
    /// The places that it was derived from.
    pub places: Vec<NamedPlace>,
    /// How finely it is placed, as JSON has it.
    pub precision: String,
    /// The geometry that the text describes, where it is more than points: GeoJSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geometry: Option<serde_json::Value>,
    /// Ids of the units that contain each of the places; empty where they are not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<Vec<String>>,
    /// True if it happened in, at or near the places themselves, and not at a distance from them or between them.
    #[serde(default)]
    pub at_places: bool,
}

impl Site {
    /// Kilometres between the nearest points of two sites.
    pub fn distance_km(&self, other: &Self) -> f64 {
        let pairs = self
            .points
            .iter()
            .flat_map(|a| other.points.iter().map(move |b| (*a, *b)));
        let metres = pairs.map(|(a, b)| if a == b { 0.0 } else { distance_m(a, b) });
        metres.fold(f64::INFINITY, f64::min) / 1000.0
    }

    /// True if the distance is not greater than the two uncertainties together.
    pub fn meets(&self, other: &Self) -> bool {
        self.distance_km(other) <= self.uncertainty_km + other.uncertainty_km
    }

    /// True if both name places and none of the one can be or hold one of the other: two villages, two districts, a village
    /// and a district that does not contain it. The distance between them does not matter.
    pub fn excludes(&self, other: &Self) -> bool {
        let named = self.at_places && other.at_places && !self.places.is_empty() && !other.places.is_empty();
        let units = |site: &'_ Self, at: usize| site.within.get(at).cloned().unwrap_or_default();
        named
            && self.places.iter().enumerate().all(|(at, place)| {
                let own = units(self, at);
                let mut others = other.places.iter().enumerate();
                others.all(|(at, other_place)| !may_be_one((place, &own), (other_place, &units(other, at))))
            })
    }

    /// True if both name the same places, wherever the text puts the event from there.
    pub fn names_same_places(&self, other: &Self) -> bool {
        self.places.len() == other.places.len()
            && self
                .places
                .iter()
                .all(|place| other.places.iter().any(|other| other.id == place.id))
    }

    /// True if both name the same places.
    pub fn is_same_place(&self, other: &Self) -> bool {
        let mut places = self.places.iter();
        !self.places.is_empty()
            && self.places.len() == other.places.len()
            // Positions that are described from one place may lie apart.
            && self.geometry == other.geometry
            && places.all(|place| other.places.iter().any(|other| other.id == place.id))
    }

    /// The site as an area: its geometry where that is one, else circles of the uncertainty around its points.
    pub fn area(&self) -> MultiPolygon<f64> {
        let described = self.geometry.as_ref().and_then(|geometry| {
            let geometry: geojson::Geometry = serde_json::from_value(geometry.clone()).ok()?;
            match geo::Geometry::<f64>::try_from(geometry).ok()? {
                geo::Geometry::Polygon(polygon) => Some(MultiPolygon(vec![polygon])),
                geo::Geometry::MultiPolygon(area) => Some(area),
                _ => None,
            }
        });
        described.unwrap_or_else(|| MultiPolygon(self.points.iter().map(|point| self.circle(*point)).collect()))
    }

    fn circle(&self, point: LonLat) -> Polygon<f64> {
        let metres = self.uncertainty_km.max(0.1) * 1000.0;
        let at = |step: u32| destination(point, f64::from(VERTICES - step) * 360.0 / f64::from(VERTICES), metres);
        let ring: Vec<LonLat> = (0..=VERTICES).map(|step| at(step % VERTICES)).collect();
        Polygon::new(LineString::from(ring), Vec::new())
    }
}

/// True if two places may be one, or one of them may lie in the other.
fn may_be_one((a, above_a): (&NamedPlace, &[String]), (b, above_b): (&NamedPlace, &[String])) -> bool {
    const UNITS: [&str; 3] = ["governorate", "district", "subdistrict"];
    const FINE: [&str; 2] = ["neighbourhood", "site"];
    let is_unit = |place: &NamedPlace| UNITS.contains(&place.level.as_str());
    let is_fine = |place: &NamedPlace| FINE.contains(&place.level.as_str());
    let is_known = |place: &NamedPlace| {
        !place.id.starts_with("point-") && (is_unit(place) || is_fine(place) || place.level == "settlement")
    };
    if a.id == b.id || above_a.contains(&b.id) || above_b.contains(&a.id) || !is_known(a) || !is_known(b) {
        return true;
    }
    // A town and the unit that has its name, which it is the seat of.
    if a.level != b.level && has_name_of(&a.name, &b.name) {
        return true;
    }
    // Quarters and buildings are listed under the unit of their town.
    let in_town = is_fine(a) != is_fine(b) && !is_unit(a) && !is_unit(b);
    let unknown = above_a.is_empty() || above_b.is_empty();
    a.level != b.level && (unknown || in_town && above_a.first() == above_b.first())
}

fn has_name_of(a: &Trilingual, b: &Trilingual) -> bool {
    let pairs = [(&a.ar, &b.ar), (&a.ckb, &b.ckb), (&a.en, &b.en)];
    pairs.into_iter().any(|(a, b)| a.is_some() && a == b)
}

/// The cell of the grid that a point is in.
pub fn cell_of([lon, lat]: LonLat) -> i64 {
    cell(column(lon), row(lat))
}

/// The cells that may hold a point within a distance of one of the points, in ascending order.
pub fn cells_within(points: &[LonLat], km: f64) -> Vec<i64> {
    let mut cells = Vec::new();
    for &[lon, lat] in points {
        let up = km / DEGREE_KM;
        let furthest = (lat.abs() + up).min(89.0).to_radians().cos();
        let side = (up / furthest).min(180.0);
        for row in row((lat - up).max(-90.0))..=row((lat + up).min(90.0)) {
            for column in column(lon - side)..=column(lon + side) {
                cells.push(cell(column, row));
            }
        }
    }
    cells.sort_unstable();
    cells.dedup();
    cells
}

fn column(lon: f64) -> i64 {
    ((lon + 180.0) / CELL).floor() as i64
}

fn row(lat: f64) -> i64 {
    ((lat + 90.0) / CELL).floor() as i64
}

fn cell(column: i64, row: i64) -> i64 {
    row * AROUND + column.rem_euclid(AROUND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cells_around_a_point_hold_every_point_within_the_distance() {
        for point in [[44.39, 35.47], [179.9, 10.0], [-179.95, -3.0], [10.0, 69.5]] {
            let cells = cells_within(&[point], 130.0);
            for azimuth in (0..360).step_by(7) {
                for metres in [1_000.0, 60_000.0, 129_000.0] {
                    let near = destination(point, f64::from(azimuth), metres);
                    assert!(cells.contains(&cell_of(near)), "{near:?} near {point:?}");
                }
            }
        }
    }

    #[test]
    fn a_site_is_drawn_as_circles_of_its_uncertainty() {
        let site = Site {
            points: vec![[44.0, 35.0]],
            uncertainty_km: 5.0,
            places: Vec::new(),
            precision: "settlement".into(),
            geometry: None,
            within: Vec::new(),
            at_places: true,
        };
        let area = site.area();
        let square_km = crate::geodesy::area_km2(&area);
        assert!((square_km - 78.3).abs() < 0.7, "{square_km}");
    }

    fn named(id: &str, name: &str, level: &str, within: &[&str]) -> Site {
        Site {
            points: vec![[44.0, 35.0]],
            uncertainty_km: 15.0,
            places: vec![NamedPlace {
                id: id.into(),
                name: Trilingual {
                    en: Some(name.into()),
                    ..Trilingual::default()
                },
                level: level.into(),
            }],
            precision: level.into(),
            geometry: None,
            within: vec![within.iter().map(|id| (*id).to_owned()).collect()],
            at_places: true,
        }
    }

    #[test]
    fn places_of_which_none_holds_the_other_exclude_each_other() {
        let district = named("D1", "Alton", "district", &["G"]);
        let next = named("D2", "Belton", "district", &["G"]);
        let north = named("S1", "Carlow", "subdistrict", &["D1", "G"]);
        let south = named("S2", "Darlow", "subdistrict", &["D1", "G"]);
        let village = named("v1", "Elmore", "settlement", &["S1", "D1", "G"]);
        let other_village = named("v2", "Farmoor", "settlement", &["S1", "D1", "G"]);
        let seat = named("v3", "Darlow", "settlement", &["S1", "D1", "G"]);
        let quarter = named("q1", "Garth", "neighbourhood", &["S1", "D1", "G"]);
        for (a, b) in [
            (&district, &next),
            (&north, &south),
            (&village, &other_village),
            (&village, &south),
            (&north, &next),
        ] {
            assert!(a.excludes(b) && b.excludes(a), "{:?} {:?}", a.places, b.places);
        }
        for (a, b) in [
            (&district, &north),
            (&north, &village),
            (&district, &village),
            (&seat, &south),
            (&quarter, &village),
            (&village, &village),
        ] {
            assert!(!a.excludes(b) && !b.excludes(a), "{:?} {:?}", a.places, b.places);
        }
        let mut beside = next.clone();
        beside.at_places = false;
        assert!(!district.excludes(&beside));
    }
}
