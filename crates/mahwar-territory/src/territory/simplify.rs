//! Simplified arcs for each zoom, without ever changing adjacency.
//!
//! Points are removed one by one, the one with the smallest triangle first (Visvalingam and Whyatt 1993), but only
//! where that triangle contains no other point and the new edge does not exist yet. A straight edge cannot enter such a
//! triangle, so no step makes edges cross, touch or coincide, turns a ring over or flattens it; nodes never move. A
//! property of every step is one of every zoom, because a zoom is a prefix of the one sequence of steps.

use super::{
    ArcRef, Micro,
    boundaries::FULL_ZOOM,
    dissolve::{self, between, orientation},
    topology::Ring,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{cmp::Ordering, collections::BinaryHeap};

/// The smallest triangle that stays, in square pixels of a 512-pixel tile.
const LEAST_PIXELS2: f64 = 1.0;

/// For each point of each arc the step at which it goes; a zoom draws the points that go later than its own step.
#[derive(Debug)]
pub struct Simplification {
    gone_at: Vec<Vec<u32>>,
    /// For each zoom the number of steps that it takes.
    steps: [u32; FULL_ZOOM as usize],
}

/// The step of points that never go.
const NEVER: u32 = u32::MAX;

impl Simplification {
    /// Works out the sequence for all arcs together.
    pub fn of(arcs: &[Vec<Micro>]) -> Self {
        let mut work = Work::new(arcs);
        let mut areas = Vec::new();
        let mut largest = 0.0_f64;
        while let Some(candidate) = work.queue.pop() {
            if !work.is_current(&candidate) {
                continue;
            }
            match work.obstacle(candidate.point) {
                Obstacle::None => {
                    // A point freed late goes no earlier than the point that blocked it.
                    largest = largest.max(candidate.area);
                    areas.push(largest);
                    work.remove(candidate.point, areas.len() as u32);
                }
                Obstacle::Point(other) => work.waiting.entry(other).or_default().push(candidate.point),
                Obstacle::Edge => {}
            }
        }
        let mut steps = [0; FULL_ZOOM as usize];
        for (zoom, steps) in (0..).zip(&mut steps) {
            let pixel = 360.0 / (512.0 * 2.0_f64.powi(zoom));
            *steps = areas.partition_point(|&area| area < LEAST_PIXELS2 * pixel * pixel) as u32;
        }
        let mut gone = work.gone_at.into_iter();
        let gone_at = arcs.iter().map(|arc| gone.by_ref().take(arc.len()).collect()).collect();
        Self { gone_at, steps }
    }

    /// The points of an arc as drawn at a zoom, in walking order.
    pub fn walk<'a>(&'a self, arc: ArcRef, arcs: &'a [Vec<Micro>], zoom: u8) -> impl Iterator<Item = Micro> + 'a {
        let steps = self.steps.get(usize::from(zoom)).copied().unwrap_or(0);
        arc.walk(arcs)
            .zip(arc.walk(&self.gone_at))
            .filter(move |(_, gone_at)| *gone_at > steps)
            .map(|(point, _)| point)
    }

    /// For each point of a line of arcs the first zoom that draws it; [`FULL_ZOOM`] for one that only the full
    /// resolution has.
    pub fn first_zooms(&self, line: &Ring) -> impl Iterator<Item = u8> + '_ {
        let gone_at = dissolve::points(line, &self.gone_at).into_iter();
        gone_at.map(|gone_at| self.steps.partition_point(|steps| gone_at <= *steps) as u8)
    }

    /// How many points all arcs have at a zoom.
    pub fn count_at(&self, zoom: u8) -> usize {
        let steps = self.steps.get(usize::from(zoom)).copied().unwrap_or(0);
        self.gone_at
            .iter()
            .flatten()
            .filter(|gone_at| **gone_at > steps)
            .count()
    }
}

/// Number of a point over all arcs; nodes have one number in each arc that ends there.
type PointIndex = u32;

struct Candidate {
    area: f64,
    point: PointIndex,
    /// The neighbours for which the area was computed: the entry is stale when they changed.
    neighbours: [PointIndex; 2],
}

impl Ord for Candidate {
    /// The greatest candidate has the smallest area, then the smallest number.
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .area
            .total_cmp(&self.area)
            .then_with(|| other.point.cmp(&self.point))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}

enum Obstacle {
    None,
    /// This point lies in the triangle.
    Point(PointIndex),
    /// The new edge exists already.
    Edge,
}

struct Work {
    points: Vec<Micro>,
    /// Neighbours along the arc; ends of arcs have themselves.
    before: Vec<PointIndex>,
    after: Vec<PointIndex>,
    gone_at: Vec<u32>,
    queue: BinaryHeap<Candidate>,
    waiting: FxHashMap<PointIndex, Vec<PointIndex>>,
    cells: Cells,
    /// Arcs that are one straight edge between two nodes.
    straight: FxHashSet<(Micro, Micro)>,
    /// For each point the number of its arc, and for each arc how many points it may still lose.
    arc_of: Vec<u32>,
    spare: Vec<usize>,
}

impl Work {
    fn new(arcs: &[Vec<Micro>]) -> Self {
        let points: Vec<Micro> = arcs.iter().flatten().copied().collect();
        let count = points.len() as PointIndex;
        let mut work = Self {
            before: (0..count).map(|point| point.saturating_sub(1)).collect(),
            after: (0..count).map(|point| point + 1).collect(),
            gone_at: vec![NEVER; points.len()],
            queue: BinaryHeap::with_capacity(points.len()),
            waiting: FxHashMap::default(),
            cells: Cells::new(&points),
            straight: FxHashSet::default(),
            arc_of: (0..)
                .zip(arcs)
                .flat_map(|(number, arc)| arc.iter().map(move |_| number))
                .collect(),
            // A line keeps its ends, a closed arc two corners more.
            spare: arcs
                .iter()
                .map(|arc| arc.len().saturating_sub(if arc.first() == arc.last() { 4 } else { 2 }))
                .collect(),
            points,
        };
        let mut first = 0;
        for arc in arcs {
            let last = first + arc.len() as PointIndex - 1;
            work.before[first as usize] = first;
            work.after[last as usize] = last;
            if arc.len() == 2 {
                work.straight.insert(sorted(arc[0], arc[1]));
            }
            for point in first + 1..last {
                work.push(point);
            }
            first = last + 1;
        }
        work
    }

    fn neighbours(&self, point: PointIndex) -> [PointIndex; 2] {
        [self.before[point as usize], self.after[point as usize]]
    }

    fn is_end(&self, point: PointIndex) -> bool {
        self.neighbours(point).contains(&point)
    }

    fn at(&self, point: PointIndex) -> Micro {
        self.points[point as usize]
    }

    fn push(&mut self, point: PointIndex) {
        let neighbours = self.neighbours(point);
        let [a, c] = neighbours.map(|point| self.at(point));
        let b = self.at(point);
        // Area on the web mercator map in square degrees of longitude: north-south distances grow by 1/cos φ.
        let degrees2 = orientation(a, b, c).unsigned_abs() as f64 * 0.5e-12;
        let area = degrees2 / (f64::from(b[1]) * 1e-6).to_radians().cos().max(1e-3);
        self.queue.push(Candidate {
            area,
            point,
            neighbours,
        });
    }

    fn is_current(&self, candidate: &Candidate) -> bool {
        self.gone_at[candidate.point as usize] == NEVER && self.neighbours(candidate.point) == candidate.neighbours
    }

    /// The obstacle to removing the point.
    fn obstacle(&self, point: PointIndex) -> Obstacle {
        let [u, w] = self.neighbours(point);
        let [a, b, c] = [u, point, w].map(|point| self.at(point));
        let ends = self.is_end(u) && self.is_end(w);
        let spare = self.spare[self.arc_of[point as usize] as usize];
        if spare == 0 || (ends && self.straight.contains(&sorted(a, c))) {
            return Obstacle::Edge;
        }
        let turn = orientation(a, b, c);
        let inside = |other: Micro| {
            if turn == 0 {
                return orientation(a, c, other) == 0 && between(a, c, other);
            }
            let sides = [
                orientation(a, b, other),
                orientation(b, c, other),
                orientation(c, a, other),
            ];
            if turn > 0 {
                sides.iter().all(|side| *side >= 0)
            } else {
                sides.iter().all(|side| *side <= 0)
            }
        };
        let others = self.cells.in_box(&[a, b, c]).filter(|&other| {
            self.gone_at[other as usize] == NEVER && ![a, b, c].contains(&self.at(other)) && inside(self.at(other))
        });
        // The smallest number makes the result independent of the order in the cells.
        others.min().map_or(Obstacle::None, Obstacle::Point)
    }

    fn remove(&mut self, point: PointIndex, step: u32) {
        let [u, w] = self.neighbours(point);
        self.gone_at[point as usize] = step;
        self.spare[self.arc_of[point as usize] as usize] -= 1;
        self.after[u as usize] = w;
        self.before[w as usize] = u;
        if self.before[u as usize] == u && self.after[w as usize] == w {
            self.straight.insert(sorted(self.at(u), self.at(w)));
        }
        for neighbour in [u, w] {
            if !self.is_end(neighbour) {
                self.push(neighbour);
            }
        }
        for waiting in self.waiting.remove(&point).unwrap_or_default() {
            if self.gone_at[waiting as usize] == NEVER {
                self.push(waiting);
            }
        }
    }
}

fn sorted(a: Micro, b: Micro) -> (Micro, Micro) {
    (a.min(b), a.max(b))
}

/// Points by square cell, to find those in a box.
struct Cells {
    size: i32,
    points: FxHashMap<[i32; 2], Vec<(PointIndex, Micro)>>,
}

impl Cells {
    fn new(points: &[Micro]) -> Self {
        // About two points a cell where they are densest; triangles are small, so few cells are looked at.
        let size = 20_000;
        let mut cells: FxHashMap<[i32; 2], Vec<(PointIndex, Micro)>> = FxHashMap::default();
        for (index, &point) in (0..).zip(points) {
            cells
                .entry(point.map(|value| value.div_euclid(size)))
                .or_default()
                .push((index, point));
        }
        Self { size, points: cells }
    }

    /// Points in the box around the corners.
    fn in_box(&self, corners: &[Micro; 3]) -> impl Iterator<Item = PointIndex> + '_ {
        let low = [0, 1].map(|axis| corners.iter().map(|corner| corner[axis]).min().unwrap_or_default());
        let high = [0, 1].map(|axis| corners.iter().map(|corner| corner[axis]).max().unwrap_or_default());
        let [x, y] = [0, 1].map(|axis| low[axis].div_euclid(self.size)..=high[axis].div_euclid(self.size));
        x.flat_map(move |x| y.clone().map(move |y| [x, y]))
            .filter_map(|cell| self.points.get(&cell))
            .flatten()
            .filter(move |(_, point)| (0..2).all(|axis| point[axis] >= low[axis] && point[axis] <= high[axis]))
            .map(|(index, _)| *index)
    }
}
