//! Geodesics after Karney, "Algorithms for geodesics" (J. Geodesy 87, 2013), through `geographiclib-rs`.
//! Errors are below 15 nanometres for lengths and 0.1 square metre for the area of a country.

use super::LonLat;
use geo::{LineString, MultiPolygon, Polygon};
use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic, PolygonArea, Winding};
use std::sync::LazyLock;

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// Shortest distance between two positions, in metres.
///
/// ```
/// use mahwar_territory::geodesy::distance_m;
/// // One degree of latitude at the equator.
/// let metres = distance_m([0.0, 0.0], [0.0, 1.0]);
/// assert!((metres - 110_574.4).abs() < 0.1);
/// ```
pub fn distance_m(from: LonLat, to: LonLat) -> f64 {
    WGS84.inverse(from[1], from[0], to[1], to[0])
}

/// Shortest distance in metres and the azimuth at which it leaves `from`, in degrees clockwise from north.
///
/// ```
/// use mahwar_territory::geodesy::distance_and_azimuth;
/// let (metres, azimuth) = distance_and_azimuth([44.0, 35.0], [45.0, 35.0]);
/// assert!(metres > 90_000.0 && (azimuth - 90.0).abs() < 1.0);
/// ```
pub fn distance_and_azimuth(from: LonLat, to: LonLat) -> (f64, f64) {
    let (distance, leaving, _) = distance_and_azimuths(from, to);
    (distance, leaving)
}

/// Shortest distance in metres and the azimuths at which it leaves `from` and arrives at `to`.
pub fn distance_and_azimuths(from: LonLat, to: LonLat) -> (f64, f64, f64) {
    // Distance, both azimuths and the arc; computing the area terms too would cost twice as much.
    let (distance, leaving, arriving, _): (f64, f64, f64, f64) = WGS84.inverse(from[1], from[0], to[1], to[0]);
    (distance, leaving, arriving)
}

/// The position reached from `from` after `metres` in the direction `azimuth` (degrees clockwise from north).
///
/// ```
/// use mahwar_territory::geodesy::{destination, distance_m};
/// let there = destination([44.0, 35.0], 90.0, 1000.0);
/// assert!((distance_m([44.0, 35.0], there) - 1000.0).abs() < 1e-3);
/// ```
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
///
/// ```
/// use mahwar_territory::geodesy::{distance_m, point_between};
/// let (a, b) = ([44.0, 35.0], [45.0, 36.0]);
/// let middle = point_between(a, b, 0.5);
/// assert!((distance_m(a, middle) - distance_m(middle, b)).abs() < 1e-3);
/// ```
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
///
/// ```
/// use mahwar_territory::geodesy::length_m;
/// let line = [[0.0, 0.0], [0.0, 1.0], [0.0, 2.0]];
/// assert!((length_m(&line) - 221_149.5).abs() < 1.0);
/// ```
pub fn length_m(line: &[LonLat]) -> f64 {
    line.windows(2).map(|edge| distance_m(edge[0], edge[1])).sum()
}

/// [`length_m`] in kilometres.
///
/// ```
/// use mahwar_territory::geodesy::{length_km, length_m};
/// let line = [[44.0, 35.0], [45.0, 36.0]];
/// assert_eq!(length_km(&line), length_m(&line) / 1000.0);
/// ```
pub fn length_km(line: &[LonLat]) -> f64 {
    length_m(line) / 1000.0
}

/// Area inside a closed ring whose edges are geodesics, in square metres; positive when it runs counter-clockwise.
///
/// ```
/// use mahwar_territory::geodesy::area_of_ring_m2;
/// let ring = [[44.0, 35.0], [44.01, 35.0], [44.01, 35.01], [44.0, 35.01], [44.0, 35.0]];
/// let hectares = area_of_ring_m2(ring).abs() / 10_000.0;
/// assert!((100.0..103.0).contains(&hectares));
/// ```
pub fn area_of_ring_m2(ring: impl IntoIterator<Item = LonLat>) -> f64 {
    let mut area = PolygonArea::new(&WGS84, Winding::CounterClockwise);
    for [lon, lat] in ring {
        area.add_point(lat, lon);
    }
    area.compute(true).1
}

/// Area of a polygon without its holes, in square metres, for either direction of its rings.
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
