//! Label points: the place inside a polygon that is farthest from its edge.

use geo::{BoundingRect, MultiPolygon, Point, Polygon};
use std::{cmp::Ordering, collections::BinaryHeap};

/// The pole of inaccessibility of the unit, to about 200 m; longitude then latitude.
///
/// After Agafonkin's polylabel: square cells, best first. Longitudes are shrunk by the cosine of the
/// latitude, so that "farthest" is meant on the ground.
pub fn label_point(outline: &MultiPolygon<f64>) -> Option<[f64; 2]> {
    let bounds = outline.bounding_rect()?;
    let shrink = ((bounds.min().y + bounds.max().y) / 2.0).to_radians().cos();
    let edges = Edges::of(outline, shrink);
    let (min_x, max_x) = (bounds.min().x * shrink, bounds.max().x * shrink);
    let (min_y, max_y) = (bounds.min().y, bounds.max().y);
    let size = (max_x - min_x).min(max_y - min_y).max(1e-9);
    const PRECISION_DEGREES: f64 = 0.002;

    let mut open = BinaryHeap::new();
    let (columns, rows) = (
        ((max_x - min_x) / size).ceil() as u32,
        ((max_y - min_y) / size).ceil() as u32,
    );
    for column in 0..columns.max(1) {
        for row in 0..rows.max(1) {
            let x = min_x + (f64::from(column) + 0.5) * size;
            let y = min_y + (f64::from(row) + 0.5) * size;
            open.push(edges.cell(x, y, size / 2.0));
        }
    }
    let mut best = open.peek().map(|cell| (cell.distance, cell.x, cell.y))?;
    while let Some(cell) = open.pop() {
        if cell.distance > best.0 {
            best = (cell.distance, cell.x, cell.y);
        }
        // In the heap's order nothing better can follow; but a best outside the polygon is no label yet.
        if cell.most - best.0 <= PRECISION_DEGREES && best.0 > 0.0 || cell.half < 1e-7 {
            break;
        }
        let half = cell.half / 2.0;
        for (dx, dy) in [(-half, -half), (half, -half), (-half, half), (half, half)] {
            open.push(edges.cell(cell.x + dx, cell.y + dy, half));
        }
    }
    Some([best.1 / shrink, best.2])
}

struct Edges(Vec<[f64; 4]>);

impl Edges {
    fn of(outline: &MultiPolygon<f64>, shrink: f64) -> Self {
        let rings = |polygon: &Polygon<f64>| {
            std::iter::once(polygon.exterior().clone())
                .chain(polygon.interiors().to_vec())
                .collect::<Vec<_>>()
        };
        let edges = outline.iter().flat_map(rings).flat_map(|ring| {
            ring.lines()
                .map(|line| [line.start.x * shrink, line.start.y, line.end.x * shrink, line.end.y])
                .collect::<Vec<_>>()
        });
        Self(edges.collect())
    }

    /// Distance to the nearest edge, positive inside; even-odd rule.
    fn signed_distance(&self, x: f64, y: f64) -> f64 {
        let mut inside = false;
        let mut nearest = f64::INFINITY;
        for &[x1, y1, x2, y2] in &self.0 {
            if (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 {
                inside = !inside;
            }
            let (dx, dy) = (x2 - x1, y2 - y1);
            let length = dx * dx + dy * dy;
            let t = if length > 0.0 {
                (((x - x1) * dx + (y - y1) * dy) / length).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let (ex, ey) = (x1 + t * dx - x, y1 + t * dy - y);
            nearest = nearest.min(ex * ex + ey * ey);
        }
        let distance = nearest.sqrt();
        if inside { distance } else { -distance }
    }

    fn cell(&self, x: f64, y: f64, half: f64) -> Cell {
        let distance = self.signed_distance(x, y);
        Cell {
            x,
            y,
            half,
            distance,
            most: distance + half * std::f64::consts::SQRT_2,
        }
    }
}

struct Cell {
    x: f64,
    y: f64,
    half: f64,
    distance: f64,
    /// The most that a point in the cell can have.
    most: f64,
}

impl Ord for Cell {
    fn cmp(&self, other: &Self) -> Ordering {
        self.most.total_cmp(&other.most)
    }
}

impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cell {}

/// Distance in metres from a point to an outline, 0 inside; flat-earth, good for a few kilometres.
pub fn metres_to(outline: &MultiPolygon<f64>, point: Point<f64>) -> f64 {
    const METRES_PER_DEGREE: f64 = 111_195.0;
    let shrink = point.y().to_radians().cos();
    let signed = Edges::of(outline, shrink).signed_distance(point.x() * shrink, point.y());
    (-signed).max(0.0) * METRES_PER_DEGREE
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Contains, polygon};

    #[test]
    fn the_label_of_a_horseshoe_stands_inside_it() {
        let horseshoe = MultiPolygon(vec![polygon![
            (x: 44.0, y: 35.0), (x: 47.0, y: 35.0), (x: 47.0, y: 38.0), (x: 46.5, y: 38.0),
            (x: 46.5, y: 35.5), (x: 44.5, y: 35.5), (x: 44.5, y: 38.0), (x: 44.0, y: 38.0),
        ]]);
        let [x, y] = label_point(&horseshoe).unwrap();
        assert!(horseshoe.contains(&Point::new(x, y)));
    }

    #[test]
    fn the_label_keeps_away_from_the_edge() {
        let square = MultiPolygon(vec![
            polygon![(x: 44.0, y: 35.0), (x: 45.0, y: 35.0), (x: 45.0, y: 36.0), (x: 44.0, y: 36.0)],
        ]);
        let [x, y] = label_point(&square).unwrap();
        assert!((x - 44.5).abs() < 0.12 && (y - 35.5).abs() < 0.12, "{x} {y}");
    }

    #[test]
    fn a_point_beyond_the_edge_is_measured_in_metres() {
        let square = MultiPolygon(vec![
            polygon![(x: 44.0, y: 35.0), (x: 45.0, y: 35.0), (x: 45.0, y: 36.0), (x: 44.0, y: 36.0)],
        ]);
        assert_eq!(metres_to(&square, Point::new(44.5, 35.5)), 0.0);
        let metres = metres_to(&square, Point::new(44.5, 36.01));
        assert!((metres - 1112.0).abs() < 5.0, "{metres}");
    }
}
