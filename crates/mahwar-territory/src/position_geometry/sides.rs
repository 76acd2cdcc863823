//! Parts of polygons: the side beyond the middle, the part inside another polygon, how far a polygon reaches.

use super::plane::{Plane, spread};
use crate::geodesy::LonLat;
use geo::{BooleanOps, Buffer, Coord, MultiPolygon, Polygon, Simplify};

/// Metres beyond any unit of a land.
const FAR: f64 = 3_000_000.0;

fn first(area: &MultiPolygon<f64>) -> Option<LonLat> {
    let at = area.iter().next()?.exterior().0.first()?;
    Some([at.x, at.y])
}

/// The part of polygons on one side of their centroid: a half for north, a wedge of 90° for north-east, of 45° for
/// north-north-east.
pub(super) fn side(area: &MultiPolygon<f64>, bearing: f64, points: u8) -> Option<MultiPolygon<f64>> {
    let (_, centroid) = spread(area, None)?;
    let plane = Plane::around(centroid);
    let middle = plane.to(centroid);
    let half = match points {
        4 => 90.0,
        8 => 45.0,
        _ => 22.5,
    };
    let to = |degrees: f64, metres: f64| {
        let (sin, cos) = (bearing + degrees).to_radians().sin_cos();
        middle
            + Coord {
                x: sin * metres,
                y: cos * metres,
            }
    };
    let wedge: Vec<Coord<f64>> = vec![
        middle,
        to(-half, FAR),
        to(-half / 2.0, FAR),
        to(0.0, FAR),
        to(half / 2.0, FAR),
        to(half, FAR),
    ];
    let wedge = MultiPolygon(vec![Polygon::new(wedge.into(), Vec::new())]);
    let cut = plane.flat(area).intersection(&wedge);
    (!cut.0.is_empty()).then(|| plane.round(&cut))
}

/// Intersection of two areas.
pub(super) fn intersection(area: &MultiPolygon<f64>, limit: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let Some(origin) = first(limit) else {
        return MultiPolygon(Vec::new());
    };
    let plane = Plane::around(origin);
    plane.round(&plane.flat(area).intersection(&plane.flat(limit)))
}

/// Union of two areas.
pub(super) fn union(area: &MultiPolygon<f64>, other: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let Some(origin) = first(area) else {
        return other.clone();
    };
    let plane = Plane::around(origin);
    plane.round(&plane.flat(area).union(&plane.flat(other)))
}

/// Polygons with everything within a distance of them.
pub(super) fn grown(area: &MultiPolygon<f64>, km: f64) -> Option<MultiPolygon<f64>> {
    let plane = Plane::around(first(area)?);
    let grown = plane.flat(area).simplify(500.0).buffer(km * 1000.0);
    Some(plane.round(&grown.simplify(200.0)))
}

/// How far polygons reach from a position in a direction, in km: to where the way leaves them for the last time.
pub(super) fn exit_km(area: &MultiPolygon<f64>, at: LonLat, bearing: f64) -> Option<f64> {
    let plane = Plane::around(at);
    let origin = plane.to(at);
    let (sin, cos) = bearing.to_radians().sin_cos();
    let edges = area.iter().flat_map(|polygon| polygon.exterior().lines());
    let crossing = edges.filter_map(|edge| {
        let start = plane.to([edge.start.x, edge.start.y]) - origin;
        let end = plane.to([edge.end.x, edge.end.y]) - origin;
        let side = |point: Coord<f64>| point.x * cos - point.y * sin;
        let (one, other) = (side(start), side(end));
        if (one > 0.0) == (other > 0.0) {
            return None;
        }
        let share = one / (one - other);
        let meet = start + (end - start) * share;
        let along = meet.x * sin + meet.y * cos;
        (along > 0.0).then_some(along)
    });
    crossing.reduce(f64::max).map(|metres| metres / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{geodesy::area_km2, position_geometry::shapes::disc};

    const AT: LonLat = [44.4, 35.5];

    #[test]
    fn the_sides_of_a_disc_are_its_shares() {
        let whole = disc(AT, 10.0);
        for (points, share) in [(4, 0.5), (8, 0.25), (16, 0.125)] {
            let part = side(&whole, 45.0, points).unwrap();
            let found = area_km2(&part) / area_km2(&whole);
            assert!((found - share).abs() < 0.005, "{points}: {found}");
        }
    }

    #[test]
    fn a_disc_reaches_its_radius_in_every_direction() {
        let whole = disc(AT, 10.0);
        for bearing in [0.0, 33.0, 181.0, 275.0] {
            let km = exit_km(&whole, AT, bearing).unwrap();
            assert!((km - 10.0).abs() < 0.05, "{bearing}: {km}");
        }
    }

    #[test]
    fn what_two_discs_share_is_inside_both() {
        let (one, other) = (disc(AT, 10.0), disc([44.5, 35.5], 10.0));
        let shared = area_km2(&intersection(&one, &other));
        assert!(shared > 50.0 && shared < area_km2(&one), "{shared}");
    }
}
