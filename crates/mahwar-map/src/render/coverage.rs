//! How much of each pixel lines and areas cover, by exact areas.
//!
//! Every edge adds its cover to the right of itself, with its sign; running sums along a row give the cover
//! (Levien 2016, "How fonts are drawn: font-rs"). Edges cost time by their length, and the ground between them nothing,
//! which for maps is several times faster than sampling. A stroke is a box for each of its segments and a wedge for each
//! bend, all turning one way, so that overlaps are covered once.

use crate::style::Pen;
use std::f32::consts::PI;
use tiny_skia::{Path, PathSegment, StrokeDash};

type Point = [f32; 2];

/// Bends are rounded where half the line's width is more than this, in pixels.
const THIN: f32 = 1.0;
/// The most that a wedge turns, in radians.
const WEDGE: f32 = 0.5;
/// Points of a line nearer than this to the last one are left out, in pixels.
const NEAR: f32 = 0.6;
/// Steps of cover between nothing and all.
const STEPS: f32 = 15.0;
/// How far straight steps may stray from a curve, in pixels.
const STRAY: f32 = 0.1;

/// Sums of one drawing, empty between two marks.
pub struct Coverage {
    width: usize,
    /// Rows of sums; each has two more than the width, for the area right of the picture.
    sums: Vec<f32>,
    /// By row, a bit for each block of columns with a sum in it.
    touched: Vec<u64>,
    /// Columns of a block, as a power of two.
    shift: u32,
    /// First row with a sum, and one past the last.
    rows: [usize; 2],
    block: Vec<u8>,
}

/// Cover of a mark in a row from some column on, in 255ths.
pub enum Cover<'a> {
    /// Pixel by pixel.
    Each(&'a [u8]),
    /// So many pixels alike.
    Even(usize, u8),
}

/// No row.
const NONE: [usize; 2] = [usize::MAX, 0];

impl Coverage {
    pub fn new(width: u32, height: u32) -> Self {
        let [width, height] = [width, height].map(|side| side as usize);
        Self {
            width,
            sums: vec![0.0; (width + 2) * height],
            touched: vec![0; height],
            shift: (width / 63 + 1).next_power_of_two().trailing_zeros().max(3),
            rows: NONE,
            block: Vec::new(),
        }
    }

    /// Adds an area, whose holes turn the other way.
    pub fn fill(&mut self, path: &Path, ratio: f32) {
        let (mut first, mut last) = ([0.0; 2], [0.0; 2]);
        flatten(path, ratio, |step| {
            let to = match step {
                Step::Move(_) | Step::Close => first,
                Step::Line(to) => to,
            };
            self.edge(last, to);
            last = to;
            if let Step::Move(to) = step {
                (first, last) = (to, to);
            }
        });
        self.edge(last, first);
    }

    /// Adds a line.
    pub fn stroke(&mut self, path: &Path, pen: &Pen, ratio: f32) {
        let dashed = match pen.dashes.as_slice() {
            [] => None,
            dashes => StrokeDash::new(dashes.to_vec(), pen.offset).and_then(|dash| path.dash(&dash, ratio)),
        };
        let half = pen.width * ratio / 2.0;
        let mut run: Vec<Point> = Vec::new();
        // The last point that was too near to the one before it: all that a very short line has.
        let mut skipped = None;
        flatten(dashed.as_ref().unwrap_or(path), ratio, |step| match step {
            Step::Move(to) => {
                self.open_run(&mut run, skipped.take(), half, pen.round);
                run.push(to);
            }
            Step::Line(to) => match run.last() {
                Some(last) if length(from_to(*last, to)) < NEAR => skipped = Some(to),
                _ => {
                    run.push(to);
                    skipped = None;
                }
            },
            Step::Close => {
                self.run(&run, half, pen.round, true);
                run.truncate(1);
                skipped = None;
            }
        });
        self.open_run(&mut run, skipped, half, pen.round);
    }

    /// Draws a line that does not close, and clears the list.
    fn open_run(&mut self, run: &mut Vec<Point>, skipped: Option<Point>, half: f32, round: bool) {
        if run.len() == 1 {
            run.extend(skipped);
        }
        self.run(run, half, round, false);
        run.clear();
    }

    /// A line through points.
    fn run(&mut self, points: &[Point], half: f32, round: bool, closed: bool) {
        let mut ways: Vec<(Point, Point, Point)> = points
            .windows(2)
            .filter_map(|ends| way(ends[0], ends[1], half))
            .collect();
        if let ([first, .., last], true) = (points, closed) {
            ways.extend(way(*last, *first, half));
        }
        for &(a, b, n) in &ways {
            self.polygon(&[add(a, n), add(b, n), sub(b, n), sub(a, n)]);
        }
        for two in ways.windows(2) {
            self.bend(two[1].0, two[0].2, two[1].2, half);
        }
        let (Some(&(start, _, out)), Some(&(_, end, back))) = (ways.first(), ways.last()) else {
            return;
        };
        if closed {
            self.bend(start, back, out, half);
        } else if round {
            self.wedge(start, [-out[0], -out[1]], PI);
            self.wedge(end, back, PI);
        }
    }

    /// The wedge that two boxes leave open on the outside of a bend.
    fn bend(&mut self, at: Point, before: Point, after: Point, half: f32) {
        let cross = before[0] * after[1] - before[1] * after[0];
        let dot = before[0] * after[0] + before[1] * after[1];
        let turn = cross.atan2(dot);
        // On the outside, from the one normal to the other, always the same way around.
        let (from, turn) = match turn > 0.0 {
            true => (before, turn),
            false => ([-after[0], -after[1]], -turn),
        };
        if half > THIN {
            self.wedge(at, from, turn);
        } else if turn > 0.0 {
            self.polygon(&[at, add(at, from), add(at, rotated(from, turn))]);
        }
    }

    /// A piece of a disc, from one arm clockwise on the screen.
    fn wedge(&mut self, at: Point, arm: Point, turn: f32) {
        let steps = (turn / WEDGE).ceil().max(1.0);
        let mut arm = arm;
        for _ in 0..steps as usize {
            let next = rotated(arm, turn / steps);
            self.polygon(&[at, add(at, arm), add(at, next)]);
            arm = next;
        }
    }

    fn polygon(&mut self, corners: &[Point]) {
        let mut last = corners[corners.len() - 1];
        for &corner in corners {
            self.edge(last, corner);
            last = corner;
        }
    }

    /// Adds an edge, cut at the picture's sides.
    fn edge(&mut self, a: Point, b: Point) {
        let side = self.width as f32;
        if a[1] == b[1] {
            return;
        }
        // Edges right of the picture end the rows that something left of them covers.
        for (limit, beyond) in [(0.0, a[0] <= 0.0 && b[0] <= 0.0), (side, a[0] >= side && b[0] >= side)] {
            if beyond {
                return self.inner_edge([limit, a[1]], [limit, b[1]]);
            }
        }
        for limit in [0.0, side] {
            if (a[0] < limit) != (b[0] < limit) && a[0] != limit && b[0] != limit {
                let cut = [limit, a[1] + (b[1] - a[1]) * ((limit - a[0]) / (b[0] - a[0]))];
                self.edge(a, cut);
                return self.edge(cut, b);
            }
        }
        self.inner_edge(a, b);
    }

    fn inner_edge(&mut self, a: Point, b: Point) {
        let (sign, top, bottom) = if a[1] < b[1] { (1.0, a, b) } else { (-1.0, b, a) };
        let slope = (bottom[0] - top[0]) / (bottom[1] - top[1]);
        if bottom[1] <= 0.0 || top[1] >= self.touched.len() as f32 || !slope.is_finite() {
            return;
        }
        let side = self.width as f32;
        let mut x = top[0] + (0.0 - top[1]).max(0.0) * slope;
        let rows = top[1].max(0.0) as usize..(bottom[1].ceil() as usize).min(self.touched.len());
        self.rows = [self.rows[0].min(rows.start), self.rows[1].max(rows.end)];
        for row in rows {
            let y = row as f32;
            let height = bottom[1].min(y + 1.0) - top[1].max(y);
            let next = x + slope * height;
            let [left, right] = if x < next { [x, next] } else { [next, x] };
            self.add(row, left.clamp(0.0, side), right.clamp(0.0, side), sign * height);
            x = next;
        }
    }

    /// Adds the cover of an edge in one row, where it goes from one column to another.
    fn add(&mut self, row: usize, left: f32, right: f32, cover: f32) {
        let first = left as usize;
        let last = (right.ceil() as usize).max(first + 1);
        self.touched[row] |= bits(first >> self.shift, last >> self.shift);
        let start = row * (self.width + 2);
        let sums = &mut self.sums[start + first..=start + last];
        if last == first + 1 {
            let beyond = 0.5 * (left + right) - first as f32;
            sums[0] += cover * (1.0 - beyond);
            sums[1] += cover * beyond;
            return;
        }
        // The area right of the edge grows in the first and the last column by a triangle, by a band between.
        let each = cover / (right - left);
        let into = 1.0 - (left - first as f32);
        let out = right - (last - 1) as f32;
        let (head, tail) = (0.5 * each * into * into, 0.5 * each * out * out);
        let count = sums.len();
        let mut given = head;
        sums[0] += head;
        if count > 3 {
            let second = each * (into + 0.5) - head;
            sums[1] += second;
            given += second;
            for sum in &mut sums[2..count - 2] {
                *sum += each;
                given += each;
            }
        }
        sums[count - 2] += cover - given - tail;
        sums[count - 1] += tail;
    }

    /// Returns the cover, row by row with its column, and empties the sums.
    pub fn take(&mut self, mut each: impl FnMut(usize, usize, Cover<'_>)) {
        let rows = std::mem::replace(&mut self.rows, NONE);
        for row in rows[0]..rows[1] {
            let mut touched = std::mem::take(&mut self.touched[row]);
            let start = row * (self.width + 2);
            let (mut sum, mut done) = (0.0_f32, 0);
            while touched != 0 {
                let (from, count) = (
                    touched.trailing_zeros(),
                    (touched >> touched.trailing_zeros()).trailing_ones(),
                );
                touched &= !bits(from as usize, (from + count) as usize - 1);
                let first = (from as usize) << self.shift;
                let end = (((from + count) as usize) << self.shift).min(self.width + 2);
                let even = share(sum);
                if even > 0 {
                    each(row, done, Cover::Even(first.min(self.width) - done, even));
                }
                self.block.clear();
                for part in &mut self.sums[start + first..start + end] {
                    sum += std::mem::take(part);
                    self.block.push(share(sum));
                }
                done = end.min(self.width);
                self.block.truncate(done.saturating_sub(first));
                each(row, first, Cover::Each(&self.block));
            }
        }
    }
}

/// A sum as 255ths, however it winds; in few steps, so that a picture has few colours and is small.
fn share(sum: f32) -> u8 {
    (sum.abs().min(1.0) * STEPS + 0.5) as u8 * (255.0 / STEPS) as u8
}

/// The bits from one to another, both counted in.
fn bits(first: usize, last: usize) -> u64 {
    (u64::MAX >> (63 - (last - first))) << first
}

/// A path in straight steps.
#[derive(Clone, Copy)]
enum Step {
    Move(Point),
    Line(Point),
    Close,
}

/// Takes a path in steps that stray from its curves by less than [`STRAY`].
fn flatten(path: &Path, ratio: f32, mut take: impl FnMut(Step)) {
    let scaled = |point: tiny_skia::Point| [point.x * ratio, point.y * ratio];
    let mut last = [0.0; 2];
    let mut first = [0.0; 2];
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(to) => {
                (first, last) = (scaled(to), scaled(to));
                take(Step::Move(last));
            }
            PathSegment::LineTo(to) => {
                last = scaled(to);
                take(Step::Line(last));
            }
            PathSegment::QuadTo(control, to) => {
                // The same curve as a cubic.
                let (from, control, to) = (last, scaled(control), scaled(to));
                let third = |end: Point| std::array::from_fn(|axis| (end[axis] + 2.0 * control[axis]) / 3.0);
                curve([from, third(from), third(to), to], &mut take);
                last = to;
            }
            PathSegment::CubicTo(one, two, to) => {
                let corners = [last, scaled(one), scaled(two), scaled(to)];
                curve(corners, &mut take);
                last = corners[3];
            }
            PathSegment::Close => {
                last = first;
                take(Step::Close);
            }
        }
    }
}

fn curve([a, b, c, d]: [Point; 4], take: &mut impl FnMut(Step)) {
    let bow = |a: Point, b: Point, c: Point| length([a[0] - 2.0 * b[0] + c[0], a[1] - 2.0 * b[1] + c[1]]);
    let steps = (0.75 * bow(a, b, c).max(bow(b, c, d)) / STRAY)
        .sqrt()
        .ceil()
        .clamp(1.0, 64.0);
    for step in 1..=steps as usize {
        let (t, u) = (step as f32 / steps, 1.0 - step as f32 / steps);
        let at = |axis: usize| u * u * u * a[axis] + 3.0 * t * u * (u * b[axis] + t * c[axis]) + t * t * t * d[axis];
        take(Step::Line([at(0), at(1)]));
    }
}

/// A segment with the normal to its left on the screen, as long as half the line's width.
fn way(a: Point, b: Point, half: f32) -> Option<(Point, Point, Point)> {
    let [x, y] = from_to(a, b);
    let length = length([x, y]);
    (length > 0.0).then(|| (a, b, [y / length * half, -x / length * half]))
}

fn from_to(a: Point, b: Point) -> Point {
    [b[0] - a[0], b[1] - a[1]]
}

fn length([x, y]: Point) -> f32 {
    x.hypot(y)
}

fn add(a: Point, b: Point) -> Point {
    [a[0] + b[0], a[1] + b[1]]
}

fn sub(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1]]
}

/// Turned clockwise on the screen.
fn rotated([x, y]: Point, angle: f32) -> Point {
    let (sin, cos) = angle.sin_cos();
    [x * cos - y * sin, x * sin + y * cos]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tiny_skia::{FillRule, LineJoin, Mask, Paint, PathBuilder, Pixmap, Stroke, Transform};

    const SIDE: u32 = 48;

    fn path(points: &[Point], closed: bool) -> Option<Path> {
        let mut path = PathBuilder::new();
        path.move_to(points[0][0], points[0][1]);
        points[1..].iter().for_each(|to| path.line_to(to[0], to[1]));
        if closed {
            path.close();
        }
        path.finish()
    }

    fn taken(coverage: &mut Coverage, side: u32) -> Vec<f32> {
        let mut all = vec![0.0; (side * side) as usize];
        coverage.take(|row, first, cover| {
            let values = match cover {
                Cover::Each(values) => values.to_vec(),
                Cover::Even(count, value) => vec![value; count],
            };
            for (column, value) in (first..).zip(values) {
                all[row * side as usize + column] = f32::from(value) / 255.0;
            }
        });
        all
    }

    fn filled(path: &Path, side: u32, ratio: f32) -> Vec<f32> {
        let mut coverage = Coverage::new(side, side);
        coverage.fill(path, ratio);
        taken(&mut coverage, side)
    }

    fn point(reach: std::ops::Range<f32>) -> impl Strategy<Value = Point> {
        (reach.clone(), reach).prop_map(|(x, y)| [x, y])
    }

    /// Sampling errs along the edge: its length, and back to the beginning.
    fn around(points: &[Point]) -> f32 {
        let next = points.iter().cycle().skip(1);
        points.iter().zip(next).map(|(a, b)| length(from_to(*a, *b))).sum()
    }

    #[test]
    fn a_box_covers_its_area_and_the_next_mark_begins_empty() {
        let corners = [[2.5, 3.25], [10.0, 3.25], [10.0, 7.5], [2.5, 7.5]];
        let path = path(&corners, true).expect("a path");
        let mut coverage = Coverage::new(SIDE, SIDE);
        for _ in 0..2 {
            coverage.fill(&path, 1.0);
            let all = taken(&mut coverage, SIDE);
            assert!((all.iter().sum::<f32>() - 7.5 * 4.25).abs() < 0.5);
            assert_eq!(
                (all[5 * 48 + 2], all[5 * 48 + 9], all[5 * 48 + 10]),
                (136.0 / 255.0, 1.0, 0.0)
            );
        }
        assert_eq!(taken(&mut coverage, SIDE).iter().sum::<f32>(), 0.0);
    }

    #[test]
    fn a_line_shorter_than_a_pixel_is_a_dot() {
        let path = path(&[[24.0, 24.0], [24.2, 24.3]], false).expect("a path");
        let mut coverage = Coverage::new(SIDE, SIDE);
        let pen = Pen {
            round: true,
            ..Pen::solid(5.0)
        };
        coverage.stroke(&path, &pen, 1.0);
        assert!((taken(&mut coverage, SIDE).iter().sum::<f32>() - 21.4).abs() < 1.5);
    }

    #[test]
    fn a_line_is_as_wide_as_its_pen_and_covers_its_bends_once() {
        let path = path(&[[4.0, 24.0], [24.0, 24.0], [44.0, 24.0]], false).expect("a path");
        let mut coverage = Coverage::new(SIDE, SIDE);
        coverage.stroke(&path, &Pen::solid(3.0), 1.0);
        assert!((taken(&mut coverage, SIDE).iter().sum::<f32>() - 120.0).abs() < 3.0);
        let dashed = Pen {
            dashes: vec![4.0, 4.0],
            ..Pen::solid(2.0)
        };
        coverage.stroke(&path, &dashed, 1.0);
        assert!((taken(&mut coverage, SIDE).iter().sum::<f32>() - 40.0).abs() < 2.5);
    }

    proptest! {
        #[test]
        fn what_lies_beyond_the_picture_changes_nothing_in_it(corners in prop::collection::vec(point(-30.0..90.0), 3..8)) {
            let Some(path) = path(&corners, true) else { return Ok(()) };
            let Some(moved) = path.clone().transform(Transform::from_translate(48.0, 48.0)) else { return Ok(()) };
            let (small, large) = (filled(&path, SIDE, 1.0), filled(&moved, 3 * SIDE, 1.0));
            for row in 0..48 {
                for column in 0..48 {
                    let (here, there) = (small[row * 48 + column], large[(row + 48) * 144 + column + 48]);
                    prop_assert!((here - there).abs() < 0.07, "{row} {column}: {here} {there}");
                }
            }
        }

        /// Triangles: with nothing that winds twice, areas and winding are the same thing.
        #[test]
        fn areas_are_those_that_tiny_skia_samples(corners in prop::collection::vec(point(-10.0..60.0), 3)) {
            let Some(path) = path(&corners, true) else { return Ok(()) };
            let mut mask = Mask::new(SIDE, SIDE).expect("a mask");
            mask.fill_path(&path, FillRule::Winding, true, Transform::identity());
            let found = filled(&path, SIDE, 1.0);
            let off: f32 = mask.data().iter().zip(&found).map(|(a, b)| (f32::from(*a) / 255.0 - b).abs()).sum();
            prop_assert!(off < 0.1 * around(&corners).max(20.0), "{off}");
        }

        #[test]
        fn lines_are_those_that_tiny_skia_samples(
            steps in prop::collection::vec((4.0..10.0_f32, 4.0..44.0_f32), 2..5),
            width in 1.5..6.0_f32,
        ) {
            // Always to the right: a line that overlaps itself lengthwise is covered twice at its soft edges (the renderer
            // draws no segment twice), and points too near to each other are left out.
            let mut x = 0.0;
            let points: Vec<Point> = steps.iter().map(|(step, y)| { x += step; [x, *y] }).collect();
            let Some(path) = path(&points, false) else { return Ok(()) };
            let pen = Pen { round: true, ..Pen::solid(width) };
            let mut coverage = Coverage::new(SIDE, SIDE);
            coverage.stroke(&path, &pen, 1.0);
            let found = taken(&mut coverage, SIDE);
            let mut canvas = Pixmap::new(SIDE, SIDE).expect("a canvas");
            let stroke = Stroke { line_join: LineJoin::Round, ..pen.stroke() };
            canvas.stroke_path(&path, &Paint::default(), &stroke, Transform::identity(), None);
            let expected = canvas.pixels().iter().map(|pixel| f32::from(pixel.alpha()) / 255.0);
            let off: f32 = expected.zip(&found).map(|(a, b)| (a - b).abs()).sum();
            prop_assert!(off < 0.15 * around(&points).max(20.0), "{off}");
        }
    }
}
