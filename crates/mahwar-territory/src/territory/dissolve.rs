//! From directed arcs to polygons: chaining, splitting at touching points, telling shells from holes.
//!
//! Rings keep their inside on the left. Everything is decided on whole numbers, so the result is exact.

use super::topology::{ArcRef, Micro, Ring, Rings};
use rustc_hash::FxHashMap;

/// Polygons from the directed arcs that bound a set (each with the inside on its left).
///
/// A set that touches itself in a point results in separate rings, never one that runs through the point twice. Returns
/// the first arc that has no successor when the arcs do not close.
pub fn polygons(bounding: &[ArcRef], arcs: &[Vec<Micro>]) -> Result<Vec<Rings>, ArcRef> {
    let rings = rings(bounding, arcs)?;
    Ok(nest(rings, arcs))
}

/// Closed rings that use every arc of `bounding` once.
fn rings(bounding: &[ArcRef], arcs: &[Vec<Micro>]) -> Result<Vec<Ring>, ArcRef> {
    let mut leaving: FxHashMap<Micro, Vec<ArcRef>> = FxHashMap::default();
    for &arc in bounding {
        leaving.entry(start(arc, arcs)).or_default().push(arc);
    }
    let mut done = Vec::new();
    for &first in bounding {
        let here = start(first, arcs);
        if !leaving.get(&here).is_some_and(|left| left.contains(&first)) {
            continue;
        }
        let mut walk: Ring = Vec::new();
        let mut next = first;
        loop {
            take(&mut leaving, next, arcs);
            walk.push(next);
            let node = end(next, arcs);
            // A node met again closes a ring of its own: rings never run through a point twice.
            if let Some(begin) = walk.iter().position(|&arc| start(arc, arcs) == node) {
                done.push(walk.split_off(begin));
            }
            if walk.is_empty() {
                break;
            }
            next = sharpest_left(next, leaving.get(&node).map_or(&[], Vec::as_slice), arcs).ok_or(next)?;
        }
    }
    Ok(done)
}

fn take(leaving: &mut FxHashMap<Micro, Vec<ArcRef>>, arc: ArcRef, arcs: &[Vec<Micro>]) {
    if let Some(left) = leaving.get_mut(&start(arc, arcs)) {
        left.retain(|&other| other != arc);
    }
}

/// Of the arcs that leave the end of `arrived`, the one that bounds the same wedge of the inside.
fn sharpest_left(arrived: ArcRef, leaving: &[ArcRef], arcs: &[Vec<Micro>]) -> Option<ArcRef> {
    let &[first, ref rest @ ..] = leaving else {
        return None;
    };
    if rest.is_empty() {
        return Some(first);
    }
    let mut backwards = arrived.reversed().walk(arcs);
    let (node, before) = (backwards.next()?, backwards.next()?);
    let back = angle(node, before);
    let turn = |arc: &ArcRef| {
        let ahead = arc.walk(arcs).nth(1).map_or(0.0, |point| angle(node, point));
        // Clockwise from the way back, in (0, 2π].
        let turned = (back - ahead).rem_euclid(std::f64::consts::TAU);
        if turned == 0.0 { std::f64::consts::TAU } else { turned }
    };
    leaving.iter().copied().min_by(|a, b| turn(a).total_cmp(&turn(b)))
}

fn angle(from: Micro, to: Micro) -> f64 {
    let [x, y] = [0, 1].map(|axis| f64::from(to[axis]) - f64::from(from[axis]));
    y.atan2(x)
}

/// Assigns every hole to the smallest shell around it. Shells stay in the order in which they came.
fn nest(rings: Vec<Ring>, arcs: &[Vec<Micro>]) -> Vec<Rings> {
    let (shells, holes): (Vec<_>, Vec<_>) = rings
        .into_iter()
        .map(|ring| (twice_area(&ring, arcs), ring))
        .partition(|(area, _)| *area >= 0);
    let mut polygons: Vec<(i128, Rings)> = shells.into_iter().map(|(area, ring)| (area, vec![ring])).collect();
    for (_, hole) in holes {
        let around = polygons
            .iter_mut()
            .filter(|(_, rings)| encloses(&rings[0], &hole, arcs))
            .min_by_key(|(area, _)| *area);
        // A hole without a shell cannot come from closed units; as a shell it is at least seen.
        match around {
            Some((_, rings)) => rings.push(hole),
            None => polygons.push((0, vec![hole])),
        }
    }
    polygons.into_iter().map(|(_, rings)| rings).collect()
}

/// True if a point of `hole` that is not a point of `shell` lies inside the shell.
fn encloses(shell: &Ring, hole: &Ring, arcs: &[Vec<Micro>]) -> bool {
    let corners = points(shell, arcs);
    points(hole, arcs)
        .into_iter()
        .find_map(|point| match side_of_ring(point, &corners) {
            Side::Inside => Some(true),
            Side::Outside => Some(false),
            Side::Border => None,
        })
        .unwrap_or(true)
}

/// Where a point lies of a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Strictly inside.
    Inside,
    /// On an edge or a corner.
    Border,
    /// Strictly outside.
    Outside,
}

/// Exact position of a point against a closed ring (first point equal to last).
pub fn side_of_ring(point: Micro, ring: &[Micro]) -> Side {
    let mut inside = false;
    for edge in ring.windows(2) {
        let [a, b] = [edge[0], edge[1]];
        let turn = orientation(a, b, point);
        if turn == 0 && between(a, b, point) {
            return Side::Border;
        }
        if (a[1] > point[1]) != (b[1] > point[1]) && (turn > 0) == (b[1] > a[1]) {
            inside = !inside;
        }
    }
    if inside { Side::Inside } else { Side::Outside }
}

/// Twice the signed area of the triangle: positive when `c` lies left of the line from `a` to `b`.
pub fn orientation(a: Micro, b: Micro, c: Micro) -> i64 {
    let [ax, ay, bx, by, cx, cy] = [a[0], a[1], b[0], b[1], c[0], c[1]].map(i64::from);
    (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
}

/// True if a point known to be on the line through `a` and `b` lies between them, ends included.
pub fn between(a: Micro, b: Micro, point: Micro) -> bool {
    (0..2).all(|axis| point[axis] >= a[axis].min(b[axis]) && point[axis] <= a[axis].max(b[axis]))
}

/// True if two different edges have a point in common other than one shared end. Exact.
pub fn edges_meet(a: Micro, b: Micro, c: Micro, d: Micro) -> bool {
    let apart =
        |axis: usize| a[axis].max(b[axis]) < c[axis].min(d[axis]) || c[axis].max(d[axis]) < a[axis].min(b[axis]);
    if apart(0) || apart(1) {
        return false;
    }
    let inside = |end: Micro, from: Micro, to: Micro| {
        end != from && end != to && orientation(from, to, end) == 0 && between(from, to, end)
    };
    if inside(a, c, d) || inside(b, c, d) || inside(c, a, b) || inside(d, a, b) {
        return true;
    }
    let crosses = |a, b, c, d| orientation(a, b, c).signum() * orientation(a, b, d).signum() < 0;
    crosses(a, b, c, d) && crosses(c, d, a, b)
}

/// Twice the signed area of a ring in square micro-degrees; positive counter-clockwise.
pub fn twice_area(ring: &Ring, arcs: &[Vec<Micro>]) -> i128 {
    twice_area_of(&points(ring, arcs))
}

/// Twice the signed area of a closed list of points.
pub fn twice_area_of(points: &[Micro]) -> i128 {
    points
        .windows(2)
        .map(|edge| {
            let [a, b] = [edge[0], edge[1]];
            i128::from(a[0]) * i128::from(b[1]) - i128::from(b[0]) * i128::from(a[1])
        })
        .sum()
}

/// The points of a ring, the first repeated at the end.
pub fn points<T: Copy>(ring: &Ring, arcs: &[Vec<T>]) -> Vec<T> {
    let mut all: Vec<T> = Vec::new();
    for arc in ring {
        all.pop();
        all.extend(arc.walk(arcs));
    }
    all
}

fn start(arc: ArcRef, arcs: &[Vec<Micro>]) -> Micro {
    let points = &arcs[arc.index()];
    if arc.is_reversed() {
        points[points.len() - 1]
    } else {
        points[0]
    }
}

fn end(arc: ArcRef, arcs: &[Vec<Micro>]) -> Micro {
    start(arc.reversed(), arcs)
}
