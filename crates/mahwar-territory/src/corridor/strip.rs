//! The strip along a line: everything within a given distance of it, as a polygon.

use super::line::Corridor;
use crate::geodesy::{self, LonLat, PositionError, TransverseMercator};
use geo::{
    Buffer, Coord, Densify, Euclidean, LineString, MapCoords, MultiLineString, MultiPolygon, Polygon, Validation,
    algorithm::buffer::{BufferStyle, LineCap, LineJoin},
};

/// The widest strip, in kilometres on each side.
const WIDEST_KM: f64 = 200.0;

impl Corridor {
    /// Everything within `half_width_km` of the line, with round ends; it never intersects itself.
    ///
    /// Made in a transverse Mercator projection around the line; for a line a few hundred kilometres across its outline
    /// is within 0.1 % of the half-width.
    pub fn strip(&self, half_width_km: f64) -> Result<MultiPolygon<f64>, PositionError> {
        let half_width = geodesy::checked("half_width_km", half_width_km, 0.001, WIDEST_KM)? * 1000.0;
        let Some(map) = self.local_map() else {
            return Ok(MultiPolygon::new(Vec::new()));
        };
        let projected: MultiLineString<f64> = self.geometry().map_coords(|at| coordinate(map.project([at.x, at.y])));
        // A round join of this angle departs from the circle by half a part in a thousand.
        const STEP: f64 = 0.06;
        let style = BufferStyle::new(half_width)
            .line_join(LineJoin::Round(STEP))
            .line_cap(LineCap::Round(STEP));
        let strip: MultiPolygon<f64> = projected.buffer_with_style(style);
        // Offsetting leaves corners fractions of a millimetre apart, which cross when the map is turned back into degrees.
        let mut shortest = half_width / 2000.0;
        loop {
            let cleaned = strip
                .iter()
                .map(|polygon| cleaned(polygon, shortest))
                .collect::<MultiPolygon<f64>>();
            let back = cleaned.map_coords(|at| coordinate(map.unproject([at.x, at.y])));
            if back.is_valid() || shortest > half_width / 20.0 {
                return Ok(back);
            }
            shortest *= 2.0;
        }
    }

    /// A projection true to scale along the middle of the line.
    fn local_map(&self) -> Option<TransverseMercator> {
        let lons = || self.edges.iter().flat_map(|edge| [edge.start[0], edge.end[0]]);
        let (west, east) = (lons().reduce(f64::min)?, lons().reduce(f64::max)?);
        Some(TransverseMercator::around(0.5 * (west + east)))
    }
}

/// Edges are cut to this length, so that they bend by less than two centimetres between map and ellipsoid.
const LONGEST_M: f64 = 1000.0;

/// A polygon without edges shorter than `shortest`, without the holes that have only such edges.
fn cleaned(polygon: &Polygon<f64>, shortest: f64) -> Polygon<f64> {
    let ring = |ring: &LineString<f64>| cleaned_ring(ring, shortest);
    let holes = polygon.interiors().iter().map(ring).filter(|hole| hole.0.len() > 3);
    Polygon::new(ring(polygon.exterior()), holes.collect())
}

fn cleaned_ring(ring: &LineString<f64>, shortest: f64) -> LineString<f64> {
    let near = |a: &Coord<f64>, b: &Coord<f64>| (a.x - b.x).hypot(a.y - b.y) < shortest;
    let mut kept: Vec<Coord<f64>> = Vec::with_capacity(ring.0.len());
    for at in ring.0.iter().skip(1) {
        if kept.last().is_none_or(|last| !near(last, at)) {
            kept.push(*at);
        }
    }
    while kept.len() > 1 && near(&kept[0], &kept[kept.len() - 1]) {
        kept.pop();
    }
    let mut closed = LineString::new(kept);
    closed.close();
    Euclidean.densify(&closed, LONGEST_M)
}

fn coordinate([x, y]: LonLat) -> Coord<f64> {
    Coord { x, y }
}

/// A place where something crosses the line.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Crossing {
    /// Id of the crossing feature.
    pub id: String,
    /// Chainage of the crossing.
    pub chainage_km: f64,
    /// Its position.
    pub point: LonLat,
}

impl Corridor {
    /// Where lines such as rivers cross this one, in the order of chainage.
    ///
    /// Edges are treated as straight in longitude and latitude, which for edges of a few kilometres is right within a
    /// few metres: finer than any river data that are used here.
    pub fn crossings<'a>(&self, lines: impl IntoIterator<Item = (&'a str, &'a MultiLineString<f64>)>) -> Vec<Crossing> {
        let mut found: Vec<Crossing> = Vec::new();
        for (id, line) in lines {
            let edges = line.iter().flat_map(LineString::lines);
            for other in edges {
                let (from, to) = ([other.start.x, other.start.y], [other.end.x, other.end.y]);
                for edge in &self.edges {
                    let Some((fraction, point)) = intersection(edge.start, edge.end, from, to) else {
                        continue;
                    };
                    let chainage_km = (edge.from_m + fraction * edge.length_m) / 1000.0;
                    // A corner of one line on the other is met by two edges; it is one crossing.
                    let again = |other: &&Crossing| other.id == id && (other.chainage_km - chainage_km).abs() < 1e-6;
                    if found.iter().find(again).is_none() {
                        found.push(Crossing {
                            id: id.to_owned(),
                            chainage_km,
                            point,
                        });
                    }
                }
            }
        }
        found.sort_by(|a, b| a.chainage_km.total_cmp(&b.chainage_km).then_with(|| a.id.cmp(&b.id)));
        found
    }
}

/// Where two straight edges meet: the fraction along the first, and the position.
fn intersection(a: LonLat, b: LonLat, c: LonLat, d: LonLat) -> Option<(f64, LonLat)> {
    let apart =
        |axis: usize| a[axis].max(b[axis]) < c[axis].min(d[axis]) || c[axis].max(d[axis]) < a[axis].min(b[axis]);
    if apart(0) || apart(1) {
        return None;
    }
    let (r, s) = ([b[0] - a[0], b[1] - a[1]], [d[0] - c[0], d[1] - c[1]]);
    let across = r[0] * s[1] - r[1] * s[0];
    let gap = [c[0] - a[0], c[1] - a[1]];
    let first = (gap[0] * s[1] - gap[1] * s[0]) / across;
    let second = (gap[0] * r[1] - gap[1] * r[0]) / across;
    // Parallel edges result in infinities or NaN, which are in no range.
    let meet = (0.0..=1.0).contains(&first) && (0.0..=1.0).contains(&second);
    meet.then(|| (first, [a[0] + first * r[0], a[1] + first * r[1]]))
}
