//! A packed R-tree over the segments of a line, in the line's own order.
//!
//! Consecutive segments lie side by side, so groups of them in order make nodes as tight as any sorting would
//! (Roussopoulos and Leifker 1985, "Direct spatial search on pictorial databases using packed R-trees"). The boxes of a
//! node's children are stored axis by axis: the distances to all of them are computed at once.

use super::locate::Segment;
use crate::geodesy::ellipsoid::Ecef;
use smallvec::SmallVec;

/// Children of a node.
const FAN: usize = 8;

/// The boxes of the children of one node, by axis; a missing child is infinitely far.
#[derive(Clone, Debug)]
struct Node {
    low: [[f64; FAN]; 3],
    high: [[f64; FAN]; 3],
}

/// A node to be looked at: the squared distance to its box, its level and its number there.
type Open = (f64, u32, u32);

/// Segments near a point: their squared chords, in the order found.
pub(super) type Near<'a> = SmallVec<[(&'a Segment, f64); 8]>;

/// The tree: the nodes over the segments first, the root's level last.
#[derive(Debug)]
pub(super) struct PackedTree {
    segments: Vec<Segment>,
    levels: Vec<Vec<Node>>,
}

impl PackedTree {
    pub fn new(segments: Vec<Segment>) -> Self {
        let mut boxes: Vec<[Ecef; 2]> = segments.iter().map(Segment::bounds).collect();
        let mut levels: Vec<Vec<Node>> = Vec::new();
        while levels.last().map_or(!boxes.is_empty(), |level| level.len() > 1) {
            levels.push(boxes.chunks(FAN).map(Node::new).collect());
            boxes = boxes.chunks(FAN).map(around).collect();
        }
        Self { segments, levels }
    }

    /// The segments whose squared chord from a point is at most `reach` of the least one's, which is among them; none
    /// of a tree without segments. `reach` must not fall where its argument rises.
    pub fn near(&self, point: Ecef, reach: impl Fn(f64) -> f64) -> Near<'_> {
        let mut found = Near::new();
        let (mut least, mut bound) = (f64::INFINITY, f64::INFINITY);
        let mut open: SmallVec<[Open; 64]> = SmallVec::new();
        if let Some(root) = self.levels.len().checked_sub(1) {
            open.push((0.0, root as u32, 0));
        }
        while let Some((away, level, number)) = open.pop() {
            if away > bound {
                continue;
            }
            let distances = self.levels[level as usize][number as usize].distances_2(point);
            if level > 0 {
                open_children(&mut open, &distances, bound, level - 1, number * FAN as u32);
                continue;
            }
            for (segment, away) in self.segments[number as usize * FAN..].iter().zip(distances) {
                if away > bound {
                    continue;
                }
                let chord2 = segment.chord_2(point);
                if chord2 < least {
                    least = chord2;
                    bound = reach(least);
                }
                if chord2 <= bound {
                    found.push((segment, chord2));
                }
            }
        }
        found.retain(|(_, chord2)| *chord2 <= bound);
        found
    }
}

/// The box around boxes.
fn around(boxes: &[[Ecef; 2]]) -> [Ecef; 2] {
    boxes
        .iter()
        .fold([[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]], |all, one| {
            std::array::from_fn(|corner| {
                let pick = [f64::min, f64::max][corner];
                std::array::from_fn(|axis| pick(all[corner][axis], one[corner][axis]))
            })
        })
}

/// Opens the children of a node that are within the bound, the nearest on top.
fn open_children(open: &mut SmallVec<[Open; 64]>, distances: &[f64; FAN], bound: f64, level: u32, first: u32) {
    let (mut nearest, mut least) = (open.len(), f64::INFINITY);
    for (number, &away) in (first..).zip(distances) {
        if away <= bound && away < f64::INFINITY {
            if away < least {
                (nearest, least) = (open.len(), away);
            }
            open.push((away, level, number));
        }
    }
    if let Some(last) = open.len().checked_sub(1).filter(|last| *last > nearest) {
        open.swap(nearest, last);
    }
}

/// The larger of two numbers; unlike `f64::max` one instruction, for no coordinate is without a value.
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

impl Node {
    fn new(children: &[[Ecef; 2]]) -> Self {
        let corner = |which: usize, axis: usize| {
            std::array::from_fn(|child| {
                children
                    .get(child)
                    .map_or(f64::INFINITY, |corners| corners[which][axis])
            })
        };
        Self {
            low: std::array::from_fn(|axis| corner(0, axis)),
            high: std::array::from_fn(|axis| corner(1, axis)),
        }
    }

    /// Squared distances of a point from the children's boxes.
    fn distances_2(&self, point: Ecef) -> [f64; FAN] {
        let mut sums = [0.0; FAN];
        for (here, (low, high)) in point.into_iter().zip(self.low.iter().zip(&self.high)) {
            for (sum, (low, high)) in sums.iter_mut().zip(low.iter().zip(high)) {
                let outside = larger(larger(low - here, here - high), 0.0);
                *sum += outside * outside;
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        corridor::{line::Edge, locate::segments},
        geodesy::{LonLat, ellipsoid::to_ecef},
    };
    use proptest::prelude::*;

    fn position() -> impl Strategy<Value = LonLat> {
        (43.0..46.0, 33.0..37.0).prop_map(|(lon, lat)| [lon, lat])
    }

    proptest! {
        #[test]
        fn near_segments_are_those_that_a_look_at_all_finds(
            corners in prop::collection::vec(position(), 0..40),
            point in position(),
            more in 1.0..2.0,
        ) {
            let edges: Vec<Edge> = corners.windows(2).map(|ends| Edge::new(ends[0], ends[1], [None, None])).collect();
            let (all, point) = (segments(&edges), to_ecef(point));
            let least = all.iter().map(|one| one.chord_2(point)).fold(f64::INFINITY, f64::min);
            let mut expected: Vec<f64> =
                all.iter().map(|one| one.chord_2(point)).filter(|chord2| *chord2 <= least * more).collect();
            let tree = PackedTree::new(all);
            let mut found: Vec<f64> = tree.near(point, |chord2| chord2 * more).iter().map(|near| near.1).collect();
            expected.sort_by(f64::total_cmp);
            found.sort_by(f64::total_cmp);
            prop_assert_eq!(found, expected);
        }
    }
}
