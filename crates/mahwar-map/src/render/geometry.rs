//! Geometry of features on the picture.

use super::view::View;
use crate::tiles::{
    LayerTiles,
    clip::{ClipRoom, Grid, Window, clip_ring},
    shapes::{Fixed, Role, Shapes},
};
use rustc_hash::FxHashSet;
use tiny_skia::PathBuilder;

/// How far beyond the picture's edge lines and areas reach, in pixels: more than half the widest line.
pub const BEYOND: f64 = 24.0;

/// Clips and scales for one view.
pub struct Projector {
    view: View,
    window: Window,
    /// Pixels for a unit of the window's grid.
    unit: f64,
    room: ClipRoom,
    ring: Vec<Grid>,
}

impl Projector {
    pub fn new(view: &View) -> Self {
        // The grid has at least 32 units for a pixel.
        let shift = (view.scale / 32.0).log2().floor() as i32;
        let origin = view.origin.map(|corner| corner.floor() as i64);
        let size = view.size.map(|side| (side * view.scale).ceil() as i64);
        let buffer = (BEYOND * view.scale).ceil() as i64;
        Self {
            view: *view,
            window: Window::around(origin, size, buffer, shift),
            unit: f64::from(shift).exp2() / view.scale,
            room: ClipRoom::default(),
            ring: Vec::new(),
        }
    }

    /// Adds the areas of a feature to a path.
    pub fn areas(&mut self, shapes: &Shapes, feature: u32, path: &mut PathBuilder) {
        for part in shapes.parts(feature) {
            if !matches!(part.role, Role::Outer | Role::Inner) {
                continue;
            }
            clip_ring(
                &self.window,
                &part.bounds,
                shapes.chunks(part),
                &mut self.room,
                &mut self.ring,
            );
            let at = |grid: &Grid| grid.map(|value| (f64::from(value) * self.unit) as f32);
            let mut points = self.ring.iter().map(at);
            if let (true, Some([x, y])) = (self.ring.len() >= 3, points.next()) {
                path.move_to(x, y);
                for [x, y] in points {
                    path.line_to(x, y);
                }
                path.close();
            }
        }
    }

    /// Passes the visible runs of a feature's lines or edges to `take`. A segment that was drawn before is left out:
    /// the dashes of two neighbours would fill each other's gaps, and the edges of their lines grow hard. When
    /// `measured`, each run has its distance in pixels from the line's beginning, so that dashes go on where a
    /// neighbouring picture leaves off.
    pub fn lines(
        &self,
        shapes: &Shapes,
        feature: u32,
        measured: bool,
        drawn: &mut Drawn,
        mut take: impl FnMut(f64, &[[f32; 2]]),
    ) {
        let mut run: Vec<[f32; 2]> = Vec::new();
        for part in shapes.parts(feature) {
            let closed = match part.role {
                Role::Points => continue,
                Role::Line => false,
                Role::Outer | Role::Inner => true,
            };
            if !self.window.meets(&part.bounds) {
                continue;
            }
            let points = shapes.points(part);
            let last = if closed { points.first() } else { None };
            let mut walk = Walk {
                projector: self,
                before: None,
                gone: 0.0,
                begun: 0.0,
                measured,
                drawn,
            };
            for (points, around) in shapes.chunks(part) {
                if !measured && !self.window.meets(&around) && points.len() > 2 {
                    // Only the segments to its neighbours can be in sight.
                    walk.to(points[0], &mut run, &mut take);
                    walk.jump(points[points.len() - 1], &mut run, &mut take);
                    continue;
                }
                for &point in points {
                    walk.to(point, &mut run, &mut take);
                }
            }
            if let Some(&first) = last {
                walk.to(first, &mut run, &mut take);
            }
            walk.end(&mut run, &mut take);
        }
    }

    /// The points of a feature that are in sight or within a margin in pixels of it.
    pub fn points(&self, shapes: &Shapes, feature: u32, more: f64, mut take: impl FnMut([f32; 2])) {
        for part in shapes.parts(feature).iter().filter(|part| part.role == Role::Points) {
            for point in shapes.points(part) {
                let [x, y] = self.view.pixel(point.map(f64::from));
                let near = |at: f64, side: f64| (-more..=side + more).contains(&at);
                if near(x, self.view.size[0]) && near(y, self.view.size[1]) {
                    take([x as f32, y as f32]);
                }
            }
        }
    }

    fn pixel(&self, point: Fixed) -> [f64; 2] {
        self.view.pixel(point.map(f64::from))
    }

    /// True if a segment may touch the picture.
    fn seen(&self, a: [f64; 2], b: [f64; 2]) -> bool {
        (0..2).all(|axis| a[axis].max(b[axis]) >= -BEYOND && a[axis].min(b[axis]) <= self.view.size[axis] + BEYOND)
    }
}

/// Segments that were drawn, whichever way.
pub type Drawn = FxHashSet<(Fixed, Fixed)>;

/// A walk along a line, keeping the runs that are in sight.
struct Walk<'p> {
    projector: &'p Projector,
    before: Option<(Fixed, [f64; 2])>,
    gone: f64,
    begun: f64,
    measured: bool,
    drawn: &'p mut Drawn,
}

impl Walk<'_> {
    fn to(&mut self, point: Fixed, run: &mut Vec<[f32; 2]>, take: &mut impl FnMut(f64, &[[f32; 2]])) {
        let at = self.projector.pixel(point);
        if let Some((from, before)) = self.before {
            if self.projector.seen(before, at) && self.drawn.insert((from.min(point), from.max(point))) {
                if run.is_empty() {
                    self.begun = self.gone;
                    run.push(before.map(|value| value as f32));
                }
                run.push(at.map(|value| value as f32));
            } else {
                self.end(run, take);
            }
            if self.measured {
                self.gone += (at[0] - before[0]).hypot(at[1] - before[1]);
            }
        }
        self.before = Some((point, at));
    }

    /// Goes on elsewhere.
    fn jump(&mut self, point: Fixed, run: &mut Vec<[f32; 2]>, take: &mut impl FnMut(f64, &[[f32; 2]])) {
        self.end(run, take);
        self.before = Some((point, self.projector.pixel(point)));
    }

    fn end(&mut self, run: &mut Vec<[f32; 2]>, take: &mut impl FnMut(f64, &[[f32; 2]])) {
        if run.len() >= 2 {
            take(self.begun, run);
        }
        run.clear();
    }
}

/// The zoom whose geometry a view of a layer shows; `None` where the layer's tiles begin later.
pub fn detail(view: &View, tiles: &LayerTiles) -> Option<u8> {
    let [least, greatest] = tiles.layer().zooms;
    let zoom = view.tile_zoom();
    (zoom >= least).then_some(zoom.min(greatest))
}
