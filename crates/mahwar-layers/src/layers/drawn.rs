//! A geometry simplified for each zoom: the one at full resolution, and the zoom from which each of its points is drawn.
//!
//! Simplifying only leaves points out, and each zoom has all points of the zoom before it, so one byte a point is enough.

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPolygon, Polygon};
use std::sync::Arc;

/// For each point of a geometry, in the order of its coordinates, the first zoom at which it is drawn.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FirstZooms(Arc<[u8]>);

impl FromIterator<u8> for FirstZooms {
    fn from_iter<I: IntoIterator<Item = u8>>(zooms: I) -> Self {
        Self(zooms.into_iter().collect())
    }
}

impl FirstZooms {
    /// True if a zoom draws points that the one before it omits.
    pub fn changes_at(&self, zoom: u8) -> bool {
        zoom > 0 && self.0.contains(&zoom)
    }

    /// Lines or polygons as drawn at a zoom. Every other geometry is drawn whole, also beyond the last zoom.
    pub fn drawn(&self, geometry: &Geometry<f64>, zoom: u8) -> Geometry<f64> {
        let mut zooms = self.0.iter();
        let mut line = |line: &LineString<f64>| -> LineString<f64> {
            let is_drawn = |_: &&Coord<f64>| zooms.next().is_none_or(|first| *first <= zoom);
            line.coords().filter(is_drawn).copied().collect()
        };
        let mut polygon = |polygon: &Polygon<f64>| {
            let shell = line(polygon.exterior());
            Polygon::new(shell, polygon.interiors().iter().map(&mut line).collect())
        };
        match geometry {
            Geometry::Polygon(one) => Geometry::Polygon(polygon(one)),
            Geometry::MultiPolygon(all) => Geometry::MultiPolygon(MultiPolygon(all.iter().map(polygon).collect())),
            Geometry::LineString(one) => Geometry::LineString(line(one)),
            Geometry::MultiLineString(all) => {
                Geometry::MultiLineString(MultiLineString(all.iter().map(line).collect()))
            }
            other => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{CoordsIter, line_string, polygon};

    #[test]
    fn each_zoom_draws_the_points_that_are_due() {
        let area = polygon![
            exterior: [(x: 0., y: 0.), (x: 4., y: 0.), (x: 4.1, y: 2.), (x: 4., y: 4.), (x: 0., y: 4.), (x: 0., y: 0.)],
            interiors: [[(x: 1., y: 1.), (x: 2., y: 1.), (x: 2.1, y: 1.5), (x: 2., y: 2.), (x: 1., y: 1.)]],
        ];
        let area = Geometry::MultiPolygon(MultiPolygon(vec![area]));
        let zooms: FirstZooms = [0, 0, 7, 0, 0, 0, 0, 0, 3, 0, 0].into_iter().collect();
        let counts = [0, 2, 3, 6, 7, 30].map(|zoom| zooms.drawn(&area, zoom).coords_count());
        assert_eq!(counts, [9, 9, 10, 10, 11, 11]);
        assert_eq!(zooms.drawn(&area, 7), area);
        assert_eq!(
            (0..9).filter(|zoom| zooms.changes_at(*zoom)).collect::<Vec<_>>(),
            [3, 7]
        );
    }

    #[test]
    fn a_line_keeps_what_no_zoom_is_said_of() {
        let line = Geometry::from(line_string![(x: 0., y: 0.), (x: 1., y: 0.1), (x: 2., y: 0.)]);
        let zooms: FirstZooms = [0, 5].into_iter().collect();
        let drawn = zooms.drawn(&line, 4);
        assert_eq!(drawn, Geometry::from(line_string![(x: 0., y: 0.), (x: 2., y: 0.)]));
    }
}
