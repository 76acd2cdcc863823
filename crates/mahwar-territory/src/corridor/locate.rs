//! Locating a point: the nearest position of the line, on the ellipsoid.
//!
//! Each edge is cut into segments of a few kilometres. A segment is represented in space by its middle, its direction
//! and the curvature under it, from which the foot of the perpendicular follows in closed form; the R-tree finds
//! segments by the chord in space. Segments whose distance is within the error of the best are measured again with
//! Karney's geodesics.

use super::line::{Corridor, Edge};
use crate::{
    geodesy::{
        self, LonLat, Nearest, PositionError,
        ellipsoid::{A, E2, Ecef, cross, dot, fast_distance_m, sub, to_ecef, unit, up},
    },
    territory::UnitIndex,
};
use serde::Serialize;

/// Segments are at most this long, so that a parabola follows the geodesic within a tenth of a millimetre.
const SEGMENT_M: f64 = 5000.0;

/// Beyond this distance everything is measured with Karney's geodesics.
const FAR_M: f64 = 1_000_000.0;

/// Which side of the line a point is on, looking from the south-east to the north-west.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum LineSide {
    Left,
    Right,
    On,
}

/// Where a point is with respect to the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Location {
    /// Chainage of the nearest position of the line, in metres.
    pub chainage_m: f64,
    /// Geodesic distance to it, in metres.
    pub distance_m: f64,
    /// Side of the line.
    pub side: LineSide,
    /// The nearest position.
    pub point: LonLat,
    /// The finest units left and right of the line there.
    pub sides: [Option<UnitIndex>; 2],
}

/// A stretch of an edge as an arc in space.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    middle: Ecef,
    along: Ecef,
    up: Ecef,
    half_m: f64,
    curvature: f64,
    edge: u32,
    /// Metres from the start of the edge to the middle.
    middle_m: f64,
}

pub(super) fn segments(edges: &[Edge]) -> Vec<Segment> {
    let mut all = Vec::new();
    for (number, edge) in (0..).zip(edges) {
        let count = (edge.length_m / SEGMENT_M).ceil().max(1.0);
        let half_m = 0.5 * edge.length_m / count;
        for step in 0..count as usize {
            let middle_m = half_m * (2.0 * step as f64 + 1.0);
            let (middle, heading) = geodesy::destination_and_heading(edge.start, edge.azimuth, middle_m);
            all.push(Segment::new(middle, heading, half_m, number, middle_m));
        }
    }
    all
}

impl Segment {
    fn new(middle: LonLat, heading: f64, half_m: f64, edge: u32, middle_m: f64) -> Self {
        let up = up(middle);
        let [east, north] = [unit([-up[1], up[0], 0.0]), cross(up, unit([-up[1], up[0], 0.0]))];
        let (sin, cos) = heading.to_radians().sin_cos();
        let w2 = 1.0 - E2 * up[2] * up[2];
        Self {
            middle: to_ecef(middle),
            along: std::array::from_fn(|axis| sin * east[axis] + cos * north[axis]),
            up,
            half_m,
            curvature: w2.sqrt() / A * (1.0 + cos * cos * (w2 / (1.0 - E2) - 1.0)),
            edge,
            middle_m,
        }
    }

    /// The point at a distance from the middle.
    fn at(&self, metres: f64) -> Ecef {
        let drop = 0.5 * metres * metres * self.curvature;
        let forward = metres * (1.0 - metres * metres * self.curvature * self.curvature / 6.0);
        std::array::from_fn(|axis| self.middle[axis] + forward * self.along[axis] - drop * self.up[axis])
    }

    /// Metres from the middle to the foot of the perpendicular, held within the segment.
    fn foot(&self, point: Ecef) -> f64 {
        let away = sub(point, self.middle);
        let (forward, rise) = (dot(away, self.along), dot(away, self.up));
        (forward / (1.0 + rise * self.curvature)).clamp(-self.half_m, self.half_m)
    }

    /// The corners of a box around it.
    pub fn bounds(&self) -> [Ecef; 2] {
        // The highest point of the arc is the middle: together with the ends it spans the box within a millimetre.
        let [a, b] = [self.at(-self.half_m), self.at(self.half_m)];
        let corner = |pick: fn(f64, f64) -> f64, margin: f64| -> Ecef {
            std::array::from_fn(|axis| pick(pick(a[axis], b[axis]), self.middle[axis]) + margin)
        };
        [corner(f64::min, -0.6), corner(f64::max, 0.6)]
    }

    /// Squared chord from a point to the nearest position.
    pub fn chord_2(&self, point: Ecef) -> f64 {
        let away = sub(point, self.at(self.foot(point)));
        dot(away, away)
    }
}

/// A candidate for the nearest position.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    edge: &'a Edge,
    along_m: f64,
    distance_m: f64,
    foot: Ecef,
    /// Left of the segment when positive.
    left: f64,
}

impl Candidate<'_> {
    fn chainage_m(&self) -> f64 {
        self.edge.from_m + self.along_m
    }
}

impl Corridor {
    /// The nearest position of the line to a position in degrees.
    ///
    /// Within 1,000 km the distance is right within a centimetre and the chainage within a decimetre; of positions that
    /// are equally far the one with the smallest chainage is returned.
    pub fn locate(&self, lon: f64, lat: f64) -> Result<Location, PositionError> {
        Ok(self.nearest(geodesy::position(lon, lat)?))
    }

    /// The same by measuring every edge with Karney's geodesics: slow, for tests and benchmarks.
    pub fn locate_exhaustively(&self, lon: f64, lat: f64) -> Result<Location, PositionError> {
        let point = geodesy::position(lon, lat)?;
        let all = self
            .edges
            .iter()
            .map(|edge| (edge, geodesy::nearest_on_segment(edge.start, edge.end, point)));
        let best = all.min_by(|a, b| a.1.distance_m.total_cmp(&b.1.distance_m));
        Ok(best.map_or(NOWHERE, |(edge, nearest)| self.exact(edge, nearest, point)))
    }

    fn nearest(&self, point: LonLat) -> Location {
        let space = to_ecef(point);
        let mut found = self.tree.near(space, |chord2| {
            let chord = chord2.sqrt();
            (chord + chord_error(chord)).powi(2)
        });
        found.sort_unstable_by(|a, b| a.1.total_cmp(&b.1));
        let Some((&(first, _), others)) = found.split_first() else {
            return NOWHERE;
        };
        let mut best = self.candidate(first, space);
        if best.distance_m > FAR_M {
            return self.nearest_far(point);
        }
        for (segment, _) in others {
            best = self.better(best, self.candidate(segment, space), point);
        }
        let side = self.side_of(&best, point);
        let [lon, lat] = to_lonlat(best.foot);
        Location {
            chainage_m: best.chainage_m(),
            distance_m: best.distance_m,
            side,
            point: [lon, lat],
            sides: best.edge.sides,
        }
    }

    fn candidate(&self, segment: &Segment, point: Ecef) -> Candidate<'_> {
        let metres = segment.foot(point);
        let foot = segment.at(metres);
        let edge = &self.edges[segment.edge as usize];
        Candidate {
            edge,
            along_m: (segment.middle_m + metres).clamp(0.0, edge.length_m),
            distance_m: fast_distance_m(point, foot),
            foot,
            left: dot(sub(point, foot), cross(segment.up, segment.along)),
        }
    }

    /// The nearer of two candidates; where they are as near as the error, Karney decides, and then the chainage.
    fn better<'a>(&self, a: Candidate<'a>, b: Candidate<'a>, point: LonLat) -> Candidate<'a> {
        let (first, second) = if a.chainage_m() <= b.chainage_m() {
            (a, b)
        } else {
            (b, a)
        };
        // The end of one segment is the start of the next: the same place.
        let same = second.chainage_m() - first.chainage_m() < 1e-3;
        if same || (a.distance_m - b.distance_m).abs() > fast_error(a.distance_m) {
            return if second.distance_m < first.distance_m && !same {
                second
            } else {
                first
            };
        }
        let exact = |one: &Candidate<'_>| geodesy::nearest_on_segment(one.edge.start, one.edge.end, point).distance_m;
        if exact(&second) < exact(&first) { second } else { first }
    }

    /// Every segment that can be nearest, measured exactly.
    fn nearest_far(&self, point: LonLat) -> Location {
        let within = self.tree.near(to_ecef(point), |chord2| chord2 * 1.01 * 1.01);
        let mut edges: Vec<u32> = within.iter().map(|(segment, _)| segment.edge).collect();
        edges.sort_unstable();
        edges.dedup();
        let measured = edges.into_iter().map(|edge| {
            let edge = &self.edges[edge as usize];
            (edge, geodesy::nearest_on_segment(edge.start, edge.end, point))
        });
        let best = measured.min_by(|a, b| a.1.distance_m.total_cmp(&b.1.distance_m));
        best.map_or(NOWHERE, |(edge, nearest)| self.exact(edge, nearest, point))
    }

    fn exact(&self, edge: &Edge, nearest: Nearest, point: LonLat) -> Location {
        let candidate = Candidate {
            edge,
            along_m: nearest.along_m,
            distance_m: nearest.distance_m,
            foot: to_ecef(nearest.point),
            left: nearest.left_m,
        };
        Location {
            chainage_m: candidate.chainage_m(),
            distance_m: nearest.distance_m,
            side: self.side_of(&candidate, point),
            point: nearest.point,
            sides: edge.sides,
        }
    }

    /// On which side a point is whose nearest position is known.
    fn side_of(&self, nearest: &Candidate<'_>, point: LonLat) -> LineSide {
        // Nearer than a millimetre there is no telling.
        if nearest.distance_m < 1e-3 {
            return LineSide::On;
        }
        let chainage = nearest.chainage_m();
        let at_corner = nearest.along_m < 1e-3 || nearest.along_m > nearest.edge.length_m - 1e-3;
        let corner = at_corner.then(|| self.turn_at(chainage, nearest.edge.piece)).flatten();
        let left = match corner {
            // Outside a bend both edges look the same: a point beyond a left turn is on the right.
            Some(turn) if turn.abs() > 1e-9 => -turn,
            _ if nearest.left != 0.0 => nearest.left,
            _ => geodesy::nearest_on_segment(nearest.edge.start, nearest.edge.end, point).left_m,
        };
        if left > 0.0 { LineSide::Left } else { LineSide::Right }
    }

    /// By how many degrees the line turns left at the corner with this chainage; none at its ends.
    fn turn_at(&self, chainage_m: f64, piece: usize) -> Option<f64> {
        let after = self.edges.partition_point(|edge| edge.from_m < chainage_m - 2e-3);
        let (before, after) = (self.edges.get(after.checked_sub(1)?)?, self.edges.get(after)?);
        if before.piece != piece || after.piece != piece || (after.from_m - chainage_m).abs() > 2e-3 {
            return None;
        }
        let turn = (before.arrival - after.azimuth).rem_euclid(360.0);
        Some(if turn > 180.0 { turn - 360.0 } else { turn })
    }
}

/// The answer of a line without edges.
const NOWHERE: Location = Location {
    chainage_m: 0.0,
    distance_m: f64::INFINITY,
    side: LineSide::On,
    point: [0.0, 0.0],
    sides: [None, None],
};

/// By how much the order by chord can differ from the order by distance: chords of equal arcs differ by at most one
/// part in a hundred of the sagitta term, for that is how much curvature varies with direction.
fn chord_error(chord: f64) -> f64 {
    0.001 + 0.01 * chord.powi(3) / (24.0 * A * A)
}

/// Error of the distance of a candidate: that of the foot's place and that of the fast distance.
fn fast_error(distance: f64) -> f64 {
    0.001 + 0.03 * (distance / 1e6).powi(3)
}

/// Longitude and latitude of a point of the surface.
fn to_lonlat([x, y, z]: Ecef) -> LonLat {
    [
        y.atan2(x).to_degrees(),
        (z / ((1.0 - E2) * x.hypot(y))).atan().to_degrees(),
    ]
}
