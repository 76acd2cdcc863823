//! A point inside an area, for labels and for positions.

use super::LonLat;
use geo::{Coord, LineString, MultiPolygon, Polygon};

/// A point inside an area: the middle of its longest stretch on a parallel at half of its height.
///
/// An area without extent gives one of its corners, and one without corners `None`. Rings may touch or cross: a point
/// that an odd number of them surrounds is inside.
///
/// ```
/// use geo::{MultiPolygon, polygon};
/// use mahwar_territory::geodesy::point_inside;
/// let horseshoe = polygon![(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 1.), (x: 1., y: 1.), (x: 1., y: 3.), (x: 4., y: 3.), (x: 4., y: 4.), (x: 0., y: 4.)];
/// assert_eq!(point_inside(&MultiPolygon(vec![horseshoe])), Some([0.5, 2.0]));
/// ```
pub fn point_inside(area: &MultiPolygon<f64>) -> Option<LonLat> {
    let found = area.iter().filter_map(longest_stretch);
    let (_, point) = found.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    Some(point)
}

/// The length in degrees and the middle of the longest stretch of a polygon on its middle parallel.
fn longest_stretch(polygon: &Polygon<f64>) -> Option<(f64, LonLat)> {
    let rings = || std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let first = *polygon.exterior().0.first()?;
    let heights: Vec<f64> = rings().flat_map(LineString::coords).map(|at| at.y).collect();
    let (south, north) = heights
        .iter()
        .fold((first.y, first.y), |(south, north), y| (south.min(*y), north.max(*y)));
    let y = off_corners((south + north) / 2.0, &heights);
    let crossing = |[a, b]: [Coord<f64>; 2]| {
        let crosses = (a.y > y) != (b.y > y);
        crosses.then(|| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
    };
    let edges = rings().flat_map(|ring| ring.0.windows(2).map(|pair| [pair[0], pair[1]]));
    let mut crossings: Vec<f64> = edges.filter_map(crossing).collect();
    crossings.sort_unstable_by(f64::total_cmp);
    let stretches = crossings
        .chunks_exact(2)
        .map(|ends| (ends[1] - ends[0], [(ends[0] + ends[1]) / 2.0, y]));
    let longest = stretches.reduce(|best, next| if next.0 > best.0 { next } else { best });
    Some(longest.unwrap_or((0.0, [first.x, first.y])))
}

/// A height at which no corner lies: halfway to the next corner's, where one lies at the height itself.
fn off_corners(y: f64, heights: &[f64]) -> f64 {
    if heights.iter().all(|other| *other != y) {
        return y;
    }
    let others = heights.iter().filter(|other| **other != y);
    let nearest = others.min_by(|a, b| (*a - y).abs().total_cmp(&(*b - y).abs()));
    nearest.map_or(y, |nearest| (y + nearest) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Contains, Point, polygon};

    #[test]
    #[expect(clippy::approx_constant, reason = "the coordinates as geopandas wrote them")]
    fn a_polygon_with_edges_that_almost_meet_has_a_point_inside() {
        // geo's interior_point stops at this circle of geopandas: two of its corners differ by the last digit.
        let circle = polygon![
            (x: 1.0, y: 0.0), (x: 0.707106781186548, y: -0.707106781186547), (x: 0.0, y: -1.0),
            (x: -0.707106781186546, y: -0.707106781186549), (x: -1.0, y: -0.0), (x: -0.70710678118655, y: 0.707106781186545),
            (x: -0.0, y: 1.0), (x: 0.707106781186544, y: 0.707106781186551), (x: 1.0, y: 0.0),
        ];
        let [x, y] = point_inside(&MultiPolygon(vec![circle.clone()])).unwrap();
        assert!(circle.contains(&Point::new(x, y)), "{x} {y}");
    }

    #[test]
    fn a_hole_is_not_inside_and_an_area_without_extent_gives_a_corner() {
        let ring = polygon![
            exterior: [(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.), (x: 0., y: 9.)],
            interiors: [[(x: 1., y: 1.), (x: 6., y: 1.), (x: 6., y: 8.), (x: 1., y: 8.)]],
        ];
        assert_eq!(point_inside(&MultiPolygon(vec![ring])), Some([7.5, 4.5]));
        let flat = polygon![(x: 3., y: 2.), (x: 5., y: 2.)];
        assert_eq!(point_inside(&MultiPolygon(vec![flat])), Some([3.0, 2.0]));
        assert_eq!(point_inside(&MultiPolygon(Vec::new())), None);
    }
}
