//! Geometries whose edges lie over each other: relating one to a feature takes time with the square of its edges.

use geo::{Geometry, Line, LinesIter};
use rstar::{AABB, RTree, RTreeObject};

/// Pairs of edges that may lie over each other: for each edge, and besides. In a valid geometry they are few, since only
/// long slanting edges have other edges in their boxes.
const PAIRS_AN_EDGE: usize = 4;
const PAIRS: usize = 1_000;

/// An edge with its position.
struct Edge {
    position: usize,
    line: Line<f64>,
}

impl RTreeObject for Edge {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        let (start, end) = (self.line.start, self.line.end);
        AABB::from_corners([start.x, start.y], [end.x, end.y])
    }
}

/// Checks that few edges of a geometry lie over each other.
///
/// # Errors
/// A sentence with the limit if there are more.
pub(super) fn check(geometry: &Geometry<f64>) -> Result<(), String> {
    let mut lines = Vec::new();
    add_lines(geometry, &mut lines);
    let edges: Vec<Edge> = lines
        .into_iter()
        .enumerate()
        .map(|(position, line)| Edge { position, line })
        .collect();
    let most = PAIRS_AN_EDGE * edges.len() + PAIRS;
    let tree = RTree::bulk_load(edges);
    let mut pairs = 0;
    for edge in &tree {
        let over = tree
            .locate_in_envelope_intersecting(edge.envelope())
            .filter(|other| other.position > edge.position + 1);
        pairs += over.take(most + 1 - pairs).count();
        if pairs > most {
            return Err(format!(
                "too many edges of the geometry lie over each other; up to {most} pairs are accepted for its {} edges",
                tree.size()
            ));
        }
    }
    Ok(())
}

fn add_lines(geometry: &Geometry<f64>, lines: &mut Vec<Line<f64>>) {
    match geometry {
        Geometry::Line(line) => lines.push(*line),
        Geometry::LineString(line) => lines.extend(line.lines_iter()),
        Geometry::MultiLineString(several) => lines.extend(several.lines_iter()),
        Geometry::Polygon(polygon) => lines.extend(polygon.lines_iter()),
        Geometry::MultiPolygon(several) => lines.extend(several.lines_iter()),
        Geometry::Rect(rect) => lines.extend(rect.lines_iter()),
        Geometry::Triangle(triangle) => lines.extend(triangle.lines_iter()),
        Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| add_lines(part, lines)),
        Geometry::Point(_) | Geometry::MultiPoint(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{MultiPolygon, Point, polygon};

    fn diamonds(count: u32, apart: f64) -> Geometry<f64> {
        let diamond = |nth: u32| {
            let x = f64::from(nth) * apart;
            polygon![(x: 45.0 + x, y: 35.0), (x: 44.0 + x, y: 36.0), (x: 43.0 + x, y: 35.0), (x: 44.0 + x, y: 34.0)]
        };
        MultiPolygon((0..count).map(diamond).collect()).into()
    }

    #[test]
    fn parts_over_each_other_are_refused_and_parts_beside_each_other_are_not() {
        assert!(check(&diamonds(300, 0.001)).unwrap_err().contains("are accepted"));
        assert_eq!(check(&diamonds(300, 2.5)), Ok(()));
        assert_eq!(check(&diamonds(8, 0.001)), Ok(()));
    }

    #[test]
    fn a_star_is_refused_and_a_circle_of_as_many_points_is_not() {
        let round = |step: usize| {
            let at = |nth: usize| {
                let angle = (nth * step % 1001) as f64 / 1001.0 * std::f64::consts::TAU;
                (44.0 + angle.cos(), 35.0 + angle.sin())
            };
            geo::Polygon::new((0..=1001).map(at).collect(), Vec::new()).into()
        };
        assert!(check(&round(500)).is_err());
        assert_eq!(check(&round(1)), Ok(()));
        assert_eq!(check(&Point::new(44.0, 35.0).into()), Ok(()));
    }
}
