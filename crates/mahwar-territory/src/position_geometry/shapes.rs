//! Geodesic shapes around a position and along lines.

use super::plane::{Plane, line, polygon};
use crate::geodesy::{LonLat, destination};
use geo::{Buffer, LineString, MultiLineString, MultiPolygon, Polygon, Simplify};

/// Degrees between two points of an arc.
const ARC_STEP: f64 = 6.0;

/// Points at a distance from a position over a range of directions, both ends included.
fn arc(at: LonLat, km: f64, from: f64, to: f64) -> Vec<LonLat> {
    let steps = ((to - from) / ARC_STEP).ceil().max(1.0) as usize;
    let direction = |step: usize| from + (to - from) * step as f64 / steps as f64;
    (0..=steps)
        .map(|step| destination(at, direction(step), km * 1000.0))
        .collect()
}

/// A disc.
pub(super) fn disc(at: LonLat, km: f64) -> MultiPolygon<f64> {
    MultiPolygon(vec![polygon(arc(at, km, 0.0, 360.0))])
}

/// The area between two distances.
pub(super) fn ring(at: LonLat, least: f64, most: f64) -> MultiPolygon<f64> {
    if least <= 0.0 {
        return disc(at, most);
    }
    let hole = line(&arc(at, least, 0.0, 360.0));
    let outside = line(&arc(at, most, 0.0, 360.0));
    MultiPolygon(vec![Polygon::new(outside, vec![hole])])
}

/// The area between two distances and within half a width of a direction, in degrees.
pub(super) fn sector(at: LonLat, [least, most]: [f64; 2], bearing: f64, half: f64) -> MultiPolygon<f64> {
    if half >= 180.0 {
        return ring(at, least, most);
    }
    let (from, to) = (bearing - half, bearing + half);
    let mut points = arc(at, most, from, to);
    match least <= 0.0 {
        true => points.push(at),
        false => points.extend(arc(at, least, from, to).into_iter().rev()),
    }
    MultiPolygon(vec![polygon(points)])
}

/// The area from a distance on, whose far limit in each direction is given.
pub(super) fn reach(at: LonLat, least: f64, bearing: f64, half: f64, most: impl Fn(f64) -> f64) -> MultiPolygon<f64> {
    let (from, to) = (bearing - half, bearing + half);
    let steps = ((to - from) / ARC_STEP).ceil().max(2.0) as usize;
    let direction = |step: usize| from + (to - from) * step as f64 / steps as f64;
    let mut points: Vec<LonLat> = (0..=steps)
        .map(|step| destination(at, direction(step), most(direction(step)).max(least + 0.5) * 1000.0))
        .collect();
    match least <= 0.0 {
        true => points.push(at),
        false => points.extend(arc(at, least, from, to).into_iter().rev()),
    }
    MultiPolygon(vec![polygon(points)])
}

/// The strip on both sides of the straight way between two positions.
pub(super) fn strip(from: LonLat, to: LonLat, half_km: f64) -> MultiPolygon<f64> {
    let (_, leaving) = crate::geodesy::distance_and_azimuth(from, to);
    let (_, back) = crate::geodesy::distance_and_azimuth(to, from);
    let metres = half_km * 1000.0;
    let corners = vec![
        destination(from, leaving + 90.0, metres),
        destination(to, back - 90.0, metres),
        destination(to, back + 90.0, metres),
        destination(from, leaving - 90.0, metres),
    ];
    MultiPolygon(vec![polygon(corners)])
}

/// The area within a distance of lines.
pub(super) fn buffer(lines: &[Vec<LonLat>], km: f64) -> Option<MultiPolygon<f64>> {
    let plane = Plane::around(*lines.iter().flatten().next()?);
    let metres = km * 1000.0;
    let flat = |points: &Vec<LonLat>| -> LineString<f64> { points.iter().map(|at| plane.to(*at)).collect() };
    // Bends much smaller than the buffer do not change it.
    let lines: Vec<LineString<f64>> = lines
        .iter()
        .filter(|points| points.len() > 1)
        .map(|points| flat(points).simplify(metres / 8.0))
        .collect();
    if lines.is_empty() {
        return None;
    }
    let area = MultiLineString(lines).buffer(metres);
    Some(plane.round(&area.simplify(metres / 50.0)))
}
