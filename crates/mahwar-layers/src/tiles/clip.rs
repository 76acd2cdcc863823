//! Clipping to the buffered box of a tile and rounding to its grid.
//!
//! Rings are clipped side by side (Sutherland and Hodgman 1974), each ring of a polygon on its own: a ring that leaves
//! and enters again runs along the box, out of sight in the buffer, and the signed area stays exact. `encode` unites a
//! hole that runs along the box with its outer ring.
//! Lines are cut segment by segment (Liang and Barsky 1984).

use super::{
    BUFFER, EXTENT, TileId, TileMatrixSet,
    shapes::{Fixed, FixedBox},
};

/// A point of the plane that may lie beyond its edge.
pub type Wide = [i64; 2];
/// A point of a tile's grid.
pub type Grid = [i32; 2];

const EXTENT_BITS: i32 = 12;

/// Position of a tile on the plane: its corner, its buffered box, and the scale of its grid.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    origin: Wide,
    min: Wide,
    max: Wide,
    /// Bits of the plane in one unit of the grid; negative where the grid is finer.
    shift: i32,
}

impl Window {
    /// The window of a tile.
    pub fn new(set: TileMatrixSet, tile: TileId) -> Self {
        let bits = set.tile_bits(tile.z);
        let shift = bits as i32 - EXTENT_BITS;
        let origin = [i64::from(tile.x) << bits, i64::from(tile.y) << bits];
        let buffer = scaled(i64::from(BUFFER), shift);
        let side = 1i64 << bits;
        Self {
            origin,
            min: origin.map(|corner| corner - buffer),
            max: origin.map(|corner| corner + side + buffer),
            shift,
        }
    }

    /// A window of any size on the plane, with a buffer around it and a grid of `2^shift` units.
    pub fn around(origin: Wide, size: Wide, buffer: i64, shift: i32) -> Self {
        let far = [origin[0] + size[0], origin[1] + size[1]];
        Self {
            origin,
            min: origin.map(|corner| corner - buffer),
            max: far.map(|corner| corner + buffer),
            shift,
        }
    }

    /// The least and the greatest corner of the buffered tile on the grid.
    pub fn corners(&self) -> [Grid; 2] {
        [self.grid(self.min), self.grid(self.max)]
    }

    /// True if the box has a point in common with the buffered tile.
    pub fn meets(&self, bounds: &FixedBox) -> bool {
        (0..2)
            .all(|axis| i64::from(bounds.min[axis]) <= self.max[axis] && i64::from(bounds.max[axis]) >= self.min[axis])
    }

    /// True if the box lies within the buffered tile.
    pub fn holds(&self, bounds: &FixedBox) -> bool {
        (0..2)
            .all(|axis| i64::from(bounds.min[axis]) >= self.min[axis] && i64::from(bounds.max[axis]) <= self.max[axis])
    }

    /// True if a point lies within the buffered tile.
    pub fn holds_point(&self, point: Fixed) -> bool {
        self.holds(&FixedBox { min: point, max: point })
    }

    /// True if a point lies in the tile itself; of two neighbours only one has it.
    pub fn owns_point(&self, point: Fixed) -> bool {
        let side = scaled(i64::from(EXTENT), self.shift);
        (0..2).all(|axis| {
            let at = i64::from(point[axis]) - self.origin[axis];
            (0..side).contains(&at)
        })
    }

    /// True if all of the box lies beyond one side.
    fn beyond_one_side(&self, bounds: &FixedBox) -> bool {
        !self.meets(bounds)
    }

    /// The nearest point of the grid.
    #[inline]
    pub fn grid(&self, point: Wide) -> Grid {
        [
            to_grid(point[0] - self.origin[0], self.shift),
            to_grid(point[1] - self.origin[1], self.shift),
        ]
    }
}

fn scaled(units: i64, shift: i32) -> i64 {
    if shift >= 0 { units << shift } else { units >> -shift }
}

#[inline]
fn to_grid(distance: i64, shift: i32) -> i32 {
    let rounded = if shift > 0 {
        (distance + (1 << (shift - 1))) >> shift
    } else {
        distance << -shift
    };
    rounded as i32
}

/// Reusable buffers for the passes of a clip.
#[derive(Debug, Default)]
pub struct ClipRoom {
    one: Vec<Wide>,
    two: Vec<Wide>,
}

/// Clips an open ring, passed in runs with their boxes, and leaves it on the grid as an open ring without repeated
/// points and without points in the middle of a horizontal or vertical stretch. With fewer than three points, nothing
/// is left.
pub fn clip_ring<'a>(
    window: &Window,
    bounds: &FixedBox,
    runs: impl Iterator<Item = (&'a [Fixed], FixedBox)>,
    room: &mut ClipRoom,
    ring: &mut Vec<Grid>,
) {
    ring.clear();
    if !window.meets(bounds) {
        return;
    }
    if window.holds(bounds) {
        for (points, _) in runs {
            for &point in points {
                push_ring(ring, window.grid(wide(point)));
            }
        }
        close_ring(ring);
        return;
    }
    let ClipRoom { one, two } = room;
    one.clear();
    for (points, around) in runs {
        match points {
            // A run beyond one side is invisible except for its ends, where it enters and leaves.
            [first, .., last] if window.beyond_one_side(&around) => one.extend([wide(*first), wide(*last)]),
            _ => one.extend(points.iter().map(|&point| wide(point))),
        }
    }
    if i64::from(bounds.min[0]) < window.min[0] {
        clip_side::<0, false>(window.min[0], one, two);
        std::mem::swap(one, two);
    }
    if i64::from(bounds.max[0]) > window.max[0] {
        clip_side::<0, true>(window.max[0], one, two);
        std::mem::swap(one, two);
    }
    if i64::from(bounds.min[1]) < window.min[1] {
        clip_side::<1, false>(window.min[1], one, two);
        std::mem::swap(one, two);
    }
    if i64::from(bounds.max[1]) > window.max[1] {
        clip_side::<1, true>(window.max[1], one, two);
        std::mem::swap(one, two);
    }
    for &point in one.iter() {
        push_ring(ring, window.grid(point));
    }
    close_ring(ring);
}

#[inline]
fn wide(point: Fixed) -> Wide {
    [i64::from(point[0]), i64::from(point[1])]
}

/// Keeps the part on the inner side of one line: not above `bound` for `MAX`, else not below.
fn clip_side<const AXIS: usize, const MAX: bool>(bound: i64, ring: &[Wide], kept: &mut Vec<Wide>) {
    kept.clear();
    let Some(&last) = ring.last() else { return };
    let inside = |point: Wide| {
        if MAX {
            point[AXIS] <= bound
        } else {
            point[AXIS] >= bound
        }
    };
    let mut before = last;
    let mut before_inside = inside(before);
    for &at in ring {
        let at_inside = inside(at);
        if at_inside != before_inside {
            kept.push(crossing::<AXIS>(bound, before, at));
        }
        if at_inside {
            kept.push(at);
        }
        before = at;
        before_inside = at_inside;
    }
}

/// The point where the segment crosses the line; the same in both directions of the segment, so that neighbours agree.
fn crossing<const AXIS: usize>(bound: i64, a: Wide, b: Wide) -> Wide {
    let (a, b) = if a[AXIS] <= b[AXIS] { (a, b) } else { (b, a) };
    let other = 1 - AXIS;
    let along = (bound - a[AXIS]) as f64 / (b[AXIS] - a[AXIS]) as f64;
    let mut point = [bound; 2];
    point[other] = a[other] + ((b[other] - a[other]) as f64 * along).round() as i64;
    point
}

/// Adds a point unless it is redundant.
#[inline]
fn push_ring(ring: &mut Vec<Grid>, point: Grid) {
    while let [.., before, last] = ring.as_mut_slice() {
        if *last == point {
            return;
        }
        let straight = (before[0] == last[0] && last[0] == point[0]) || (before[1] == last[1] && last[1] == point[1]);
        if !straight {
            break;
        }
        ring.pop();
    }
    if ring.last() != Some(&point) {
        ring.push(point);
    }
}

/// Applies the same rule where the end meets the beginning.
fn close_ring(ring: &mut Vec<Grid>) {
    let mut start = 0;
    while ring.len() - start >= 3 {
        let (first, second) = (ring[start], ring[start + 1]);
        let (before, last) = (ring[ring.len() - 2], ring[ring.len() - 1]);
        let straight = |a: Grid, b: Grid, c: Grid| (a[0] == b[0] && b[0] == c[0]) || (a[1] == b[1] && b[1] == c[1]);
        if last == first || straight(before, last, first) {
            ring.pop();
        } else if straight(last, first, second) {
            start += 1;
        } else {
            break;
        }
    }
    ring.drain(..start);
}

/// Twice the signed area of an open ring on the grid; positive for clockwise on the screen.
pub fn doubled_area(ring: &[Grid]) -> i64 {
    let Some(&last) = ring.last() else { return 0 };
    let mut sum = 0;
    let mut before = last;
    for &at in ring {
        sum += i64::from(before[0]) * i64::from(at[1]) - i64::from(at[0]) * i64::from(before[1]);
        before = at;
    }
    sum
}

/// Cuts a line to the buffered tile; `take` receives each piece on the grid, of at least two points.
pub fn clip_line<'a>(
    window: &Window,
    bounds: &FixedBox,
    runs: impl Iterator<Item = (&'a [Fixed], FixedBox)>,
    piece: &mut Vec<Grid>,
    mut take: impl FnMut(&[Grid]),
) {
    piece.clear();
    if !window.meets(bounds) {
        return;
    }
    let mut before: Option<Wide> = None;
    let mut finish = |piece: &mut Vec<Grid>| {
        if piece.len() >= 2 {
            take(piece);
        }
        piece.clear();
    };
    for (points, around) in runs {
        // A run beyond one side is skipped except for the segments that join it to its neighbours.
        let skipped = window.beyond_one_side(&around) && points.len() > 2;
        let ends = [points[0], points[points.len() - 1]];
        let points = if skipped { &ends[..] } else { points };
        for &point in points {
            let at = wide(point);
            if let Some(from) = before {
                match cut(window, from, at) {
                    None => finish(piece),
                    Some((start, end)) => {
                        if start != from {
                            finish(piece);
                        }
                        push_line(piece, window.grid(start));
                        push_line(piece, window.grid(end));
                        if end != at {
                            finish(piece);
                        }
                    }
                }
            }
            before = Some(at);
        }
    }
    finish(piece);
}

#[inline]
fn push_line(line: &mut Vec<Grid>, point: Grid) {
    if line.last() != Some(&point) {
        line.push(point);
    }
}

/// The part of a segment within the window.
fn cut(window: &Window, a: Wide, b: Wide) -> Option<(Wide, Wide)> {
    let [mut enter, mut leave] = [0.0f64, 1.0f64];
    for axis in 0..2 {
        let (from, to) = (a[axis], b[axis]);
        let (min, max) = (window.min[axis], window.max[axis]);
        if from == to {
            if from < min || from > max {
                return None;
            }
            continue;
        }
        let along = |bound: i64| (bound - from) as f64 / (to - from) as f64;
        let (near, far) = if from < to { (min, max) } else { (max, min) };
        enter = enter.max(along(near));
        leave = leave.min(along(far));
    }
    if enter > leave {
        return None;
    }
    let at = |along: f64| {
        [0, 1].map(|axis| {
            let value = a[axis] + ((b[axis] - a[axis]) as f64 * along).round() as i64;
            value.clamp(window.min[axis], window.max[axis])
        })
    };
    let start = if enter > 0.0 { at(enter) } else { a };
    let end = if leave < 1.0 { at(leave) } else { b };
    Some((start, end))
}
