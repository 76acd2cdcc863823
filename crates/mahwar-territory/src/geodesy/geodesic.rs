//! Geodesics after Karney, "Algorithms for geodesics" (J. Geodesy 87, 2013), through `geographiclib-rs`.
//! Errors are below 15 nanometres for lengths and 0.1 square metre for the area of a country.

use super::LonLat;
use geo::{LineString, MultiPolygon, Polygon};
use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic, PolygonArea, Winding};
use std::sync::LazyLock;

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// Shortest distance between two positions, in metres.
pub fn distance_m(from: LonLat, to: LonLat) -> f64 {
    WGS84.inverse(from[1], from[0], to[1], to[0])
}

/// Shortest distance in metres and the azimuth at which it leaves `from`, in degrees clockwise from north.
pub fn distance_and_azimuth(from: LonLat, to: LonLat) -> (f64, f64) {
    let (distance, leaving, _) = distance_and_azimuths(from, to);
    (distance, leaving)
}

/// Shortest distance in metres and the azimuths at which it leaves `from` and arrives at `to`.
pub fn distance_and_azimuths(from: LonLat, to: LonLat) -> (f64, f64, f64) {
    // Distance, both azimuths and the arc; asking for the area terms too would cost twice as much.
    let (distance, leaving, arriving, _): (f64, f64, f64, f64) = WGS84.inverse(from[1], from[0], to[1], to[0]);
    (distance, leaving, arriving)
}

/// The position reached from `from` after `metres` in the direction `azimuth` (degrees clockwise from north).
pub fn destination(from: LonLat, azimuth: f64, metres: f64) -> LonLat {
    let (lat, lon): (f64, f64) = WGS84.direct(from[1], from[0], azimuth, metres);
    [lon, lat]
}

/// Like [`destination`], with the azimuth of the geodesic where it arrives.
pub fn destination_and_heading(from: LonLat, azimuth: f64, metres: f64) -> (LonLat, f64) {
    let (lat, lon, heading): (f64, f64, f64) = WGS84.direct(from[1], from[0], azimuth, metres);
    ([lon, lat], heading)
}

/// The position on the geodesic from `from` to `to` at `fraction` (0..=1) of its length.
pub fn point_between(from: LonLat, to: LonLat, fraction: f64) -> LonLat {
    if fraction <= 0.0 {
        return from;
    }
    if fraction >= 1.0 {
        return to;
    }
    let (distance, azimuth) = distance_and_azimuth(from, to);
    destination(from, azimuth, distance * fraction)
}

/// Length of a polyline whose edges are geodesics, in metres.
pub fn length_m(line: &[LonLat]) -> f64 {
    line.windows(2).map(|edge| distance_m(edge[0], edge[1])).sum()
}

/// [`length_m`] in kilometres.
pub fn length_km(line: &[LonLat]) -> f64 {
    length_m(line) / 1000.0
}

/// Area inside a closed ring whose edges are geodesics, in square metres; positive when it runs counter-clockwise.
pub fn area_of_ring_m2(ring: impl IntoIterator<Item = LonLat>) -> f64 {
    let mut area = PolygonArea::new(&WGS84, Winding::CounterClockwise);
    for [lon, lat] in ring {
        area.add_point(lat, lon);
    }
    area.compute(true).1
}

/// Area of a polygon without its holes, in square metres, whatever way its rings run.
pub fn area_of_polygon_m2(polygon: &Polygon<f64>) -> f64 {
    let of = |ring: &LineString<f64>| area_of_ring_m2(open(ring)).abs();
    of(polygon.exterior()) - polygon.interiors().iter().map(of).sum::<f64>()
}

/// Area of all polygons, in square kilometres.
pub fn area_km2(polygons: &MultiPolygon<f64>) -> f64 {
    polygons.iter().map(area_of_polygon_m2).sum::<f64>() / 1e6
}

/// Length of all rings, in metres.
pub fn perimeter_m(polygons: &MultiPolygon<f64>) -> f64 {
    let rings = polygons
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    rings
        .map(|ring| {
            let points: Vec<LonLat> = ring.0.iter().map(|at| [at.x, at.y]).collect();
            length_m(&points)
        })
        .sum()
}

/// The points of a ring without the repeated last one.
fn open(ring: &LineString<f64>) -> impl Iterator<Item = LonLat> + '_ {
    let count = ring.0.len().saturating_sub(1);
    ring.0[..count].iter().map(|at| [at.x, at.y])
}
