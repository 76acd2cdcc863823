//! Areas whose rings cross: found in the time of a sort, and mended to areas of the same outline.

use geo::{
    BooleanOps, Coord, LineString, MultiPolygon, Polygon,
    kernels::{Kernel, Orientation, RobustKernel},
};

/// The state of a polygon.
#[derive(Debug, PartialEq)]
pub enum Area {
    /// Fit to be drawn and measured.
    Whole(Vec<Polygon<f64>>),
    /// Its rings crossed; areas that an odd number of them surround.
    Mended(Vec<Polygon<f64>>),
    /// A ring of fewer than three corners, or without an area.
    Nothing,
}

/// Looks at the polygons of one geometry.
pub fn examine(polygons: Vec<Polygon<f64>>) -> Area {
    let is_ring = |ring: &LineString<f64>| ring.0.len() >= 4 && ring.0.iter().skip(1).any(|at| *at != ring.0[0]);
    let polygons: Vec<Polygon<f64>> = polygons
        .into_iter()
        .filter(|polygon| is_ring(polygon.exterior()))
        .map(|polygon| {
            let (shell, mut holes) = polygon.into_inner();
            holes.retain(|hole| is_ring(hole));
            Polygon::new(shell, holes)
        })
        .collect();
    if polygons.is_empty() {
        return Area::Nothing;
    }
    if !polygons.iter().any(crosses) {
        return Area::Whole(polygons);
    }
    let nothing = MultiPolygon::<f64>(Vec::new());
    let mended = MultiPolygon(polygons).union(&nothing).0;
    match mended.is_empty() {
        true => Area::Nothing,
        false => Area::Mended(mended),
    }
}

/// True if two edges of a polygon cross, each at a point inside both.
fn crosses(polygon: &Polygon<f64>) -> bool {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let mut edges: Vec<[Coord<f64>; 2]> = rings
        .flat_map(|ring| ring.0.windows(2).map(|pair| [pair[0], pair[1]]))
        .map(|[a, b]| if a.x <= b.x { [a, b] } else { [b, a] })
        .collect();
    edges.sort_unstable_by(|a, b| a[0].x.total_cmp(&b[0].x));
    let mut open: Vec<[Coord<f64>; 2]> = Vec::new();
    for edge in edges {
        open.retain(|other| other[1].x >= edge[0].x);
        if open.iter().any(|other| cross(*other, edge)) {
            return true;
        }
        open.push(edge);
    }
    false
}

fn cross([a, b]: [Coord<f64>; 2], [c, d]: [Coord<f64>; 2]) -> bool {
    let apart = a.y.max(b.y) < c.y.min(d.y) || c.y.max(d.y) < a.y.min(b.y);
    if apart {
        return false;
    }
    let opposite = |one: Orientation, other: Orientation| {
        one != other && one != Orientation::Collinear && other != Orientation::Collinear
    };
    let side = |p, q, r| RobustKernel::orient2d(p, q, r);
    opposite(side(a, b, c), side(a, b, d)) && opposite(side(c, d, a), side(c, d, b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area as _, polygon};

    #[test]
    fn a_ring_like_an_eight_becomes_two_areas() {
        let eight = polygon![(x: 0., y: 0.), (x: 2., y: 2.), (x: 2., y: 0.), (x: 0., y: 2.), (x: 0., y: 0.)];
        let Area::Mended(mended) = examine(vec![eight]) else {
            panic!("it crosses itself");
        };
        let area: f64 = mended.iter().map(|polygon| polygon.unsigned_area()).sum();
        assert_eq!((mended.len(), area), (2, 2.0));
    }

    #[test]
    fn a_whole_area_stays_as_it_is() {
        let square = polygon![
            exterior: [(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 4.), (x: 0., y: 0.)],
            // Touches the shell at one point.
            interiors: [[(x: 0., y: 2.), (x: 1., y: 1.), (x: 1., y: 3.), (x: 0., y: 2.)]],
        ];
        assert_eq!(examine(vec![square.clone()]), Area::Whole(vec![square]));
        let line = Polygon::new(LineString::from(vec![(0., 0.), (1., 1.)]), Vec::new());
        assert_eq!(examine(vec![line]), Area::Nothing);
    }
}
