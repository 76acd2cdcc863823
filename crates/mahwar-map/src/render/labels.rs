//! Choice of the labels to draw: the most important first, and none over another.
//!
//! A label depends only on the more important labels that it would touch, and so on from them. The choice is computed
//! from wherever a picture begins, as far as needed, so that neighbouring pictures agree on every label and none is cut
//! at an edge.

use super::{
    compile::{Anchor, LabelLook},
    expression::{Context, Expression, Subject},
    geometry::detail,
    paint::Keep,
    scene::Words,
    shape::shape,
    value::Value,
    view::View,
};
use crate::{
    language::Language,
    layers::{Bounds, FeatureRef},
    tiles::{
        LayerTiles,
        shapes::{Fixed, Role},
    },
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Side of a cell in pixels.
const CELL: f64 = 256.0;
/// How far a label may reach from its anchor, in pixels; longer ones are not set.
const REACH: f64 = 256.0;
/// Pixels between the names along a line.
const APART: f64 = 420.0;
/// Pixels within which the same words are not set twice: a town, its district and a mention of it have one name.
const REPEATED: f64 = 48.0;
/// Parts of an em that a line takes above and below its baseline.
const ABOVE: f64 = 0.92;
const BELOW: f64 = 0.34;

/// A layer of the style that sets labels.
pub struct LabelSource<'a> {
    pub look: &'a LabelLook,
    pub filter: Option<&'a Expression>,
    pub tiles: &'a LayerTiles,
    pub at_label: bool,
    pub language: Language,
}

/// The order of importance; less matters more.
type Rank = (usize, i64, u64, u32);

struct Candidate {
    rank: Rank,
    /// Left, top, right, bottom in pixels of the plane.
    area: [f64; 4],
    words: Words,
    at: [f64; 2],
    always: bool,
    state: State,
    rivals: Option<Vec<u32>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Stands,
    Hidden,
}

type Cell = [i64; 2];

/// Place of a line's name: position in pixels of the plane, angle, feature, number on the line.
type LinePlace = ([f64; 2], f32, u32, u32);

/// The labels of a view, as far as they have been loaded.
pub struct Plan<'a> {
    view: &'a View,
    sources: &'a [LabelSource<'a>],
    keep: Keep<'a>,
    candidates: Vec<Candidate>,
    cells: FxHashMap<Cell, Vec<u32>>,
    along: Vec<FxHashMap<Cell, Vec<LinePlace>>>,
}

impl<'a> Plan<'a> {
    pub fn new(view: &'a View, sources: &'a [LabelSource<'a>], keep: Keep<'a>) -> Self {
        let along = sources.iter().map(|source| {
            let mut places = FxHashMap::default();
            if source.look.along {
                line_places(view, source.tiles, &mut places);
            }
            places
        });
        Self {
            view,
            sources,
            keep,
            candidates: Vec::new(),
            cells: FxHashMap::default(),
            along: along.collect(),
        }
    }

    /// The chosen words that are in sight, the least important first. With a frame (left, top, right, bottom in pixels
    /// of the picture), only those that lie wholly within it.
    pub fn words(mut self, frame: Option<[f64; 4]>) -> Vec<Words> {
        let corner = self.view.origin.map(|value| value / self.view.scale);
        let [width, height] = self.view.size;
        let sight = [corner[0], corner[1], corner[0] + width, corner[1] + height];
        let within = frame.map(|[left, top, right, bottom]| {
            [corner[0] + left, corner[1] + top, corner[0] + right, corner[1] + bottom]
        });
        let mut seen: Vec<u32> = Vec::new();
        for cell in cells_around(sight) {
            self.load(cell);
            for &id in &self.cells[&cell] {
                let area = self.candidates[id as usize].area;
                let whole = within.is_none_or(|frame| holds(frame, area));
                if whole && meets(sight, area) {
                    seen.push(id);
                }
            }
        }
        for &id in &seen {
            self.decide(id);
        }
        seen.retain(|&id| self.candidates[id as usize].state == State::Stands);
        seen.sort_by(|&a, &b| self.candidates[b as usize].rank.cmp(&self.candidates[a as usize].rank));
        let words = seen.into_iter().map(|id| {
            let candidate = &self.candidates[id as usize];
            let mut words = candidate.words.clone();
            words.at = [0, 1].map(|axis| words.at[axis] + (candidate.at[axis] - corner[axis]) as f32);
            words
        });
        words.collect()
    }

    /// Settles whether a label is drawn; the labels that it depends on first. A list of its own instead of recursion: chains may be long.
    fn decide(&mut self, id: u32) {
        let mut open = vec![id];
        while let Some(&top) = open.last() {
            if self.candidates[top as usize].state != State::Open {
                open.pop();
                continue;
            }
            if self.candidates[top as usize].rivals.is_none() {
                let rivals = self.rivals(top);
                self.candidates[top as usize].rivals = Some(rivals);
            }
            let rivals = self.candidates[top as usize].rivals.as_deref().unwrap_or_default();
            let state = |id: &u32| self.candidates[*id as usize].state;
            if rivals.iter().any(|id| state(id) == State::Stands) {
                self.candidates[top as usize].state = State::Hidden;
            } else if let Some(&next) = rivals.iter().find(|id| state(id) == State::Open) {
                open.push(next);
            } else {
                self.candidates[top as usize].state = State::Stands;
            }
        }
    }

    /// The labels that matter more and would touch, or say the same right beside.
    fn rivals(&mut self, id: u32) -> Vec<u32> {
        let Candidate {
            area, rank, always, at, ..
        } = self.candidates[id as usize];
        let line = Arc::clone(&self.candidates[id as usize].words.line);
        let is_name = line.text.chars().any(char::is_alphabetic);
        if always {
            return Vec::new();
        }
        let mut rivals = Vec::new();
        for cell in cells_around(area) {
            self.load(cell);
            let others = self.cells[&cell].iter().copied();
            rivals.extend(others.filter(|&other| {
                let other = &self.candidates[other as usize];
                let repeats = || {
                    let [x, y] = [0, 1].map(|axis| other.at[axis] - at[axis]);
                    is_name && x.hypot(y) < REPEATED && other.words.line.text == line.text
                };
                other.rank < rank && !other.always && (meets(area, other.area) || repeats())
            }));
        }
        rivals.sort_unstable_by_key(|&other| self.candidates[other as usize].rank);
        rivals
    }

    /// Takes in the labels whose anchors lie in a cell.
    fn load(&mut self, cell: Cell) {
        if self.cells.contains_key(&cell) {
            return;
        }
        let first = self.candidates.len();
        for nth in 0..self.sources.len() {
            self.load_source(nth, cell);
        }
        let ids = (first as u32..self.candidates.len() as u32).collect();
        self.cells.insert(cell, ids);
    }

    fn load_source(&mut self, nth: usize, cell: Cell) {
        let source = &self.sources[nth];
        let Some(zoom) = detail(self.view, source.tiles) else {
            return;
        };
        let layer = source.tiles.layer();
        let pixel = |point: Fixed| point.map(|value| f64::from(value) / self.view.scale);
        let here = |at: [f64; 2]| cell_of(at) == cell;
        let seen = |feature: FeatureRef<'_>| feature.min_zoom() <= zoom && (self.keep)(source.tiles, feature);
        let mut found: Vec<(FeatureRef<'_>, [f64; 2], f32, u32)> = Vec::new();
        if source.look.along {
            for &(at, angle, feature, place) in self.along[nth].get(&cell).into_iter().flatten() {
                found.push((layer.at(feature), at, angle, place));
            }
        } else if source.at_label {
            let labels = source.tiles.labels_of(self.view.set);
            for (feature, point) in layer.features().zip(labels) {
                if let Some(at) = point.map(pixel).filter(|at| here(*at)) {
                    found.push((feature, at, 0.0, 0));
                }
            }
        } else {
            let shapes = source.tiles.shapes_at(self.view.set, self.view.set.detail_zoom(zoom));
            for index in layer.drawn_within(self.cell_bounds(cell), zoom) {
                for part in shapes.parts(index).iter().filter(|part| part.role == Role::Points) {
                    for (place, &point) in shapes.points(part).iter().enumerate() {
                        let at = pixel(point);
                        if here(at) {
                            found.push((layer.at(index), at, 0.0, place as u32));
                        }
                    }
                }
            }
        }
        found.retain(|(feature, ..)| seen(*feature));
        for (feature, at, angle, place) in found {
            let candidate = self.candidate(nth, feature, at, angle, place);
            self.candidates.extend(candidate);
        }
    }

    fn cell_bounds(&self, [column, row]: Cell) -> Bounds {
        // A hair more, against rounding between degrees and the plane; ownership is settled on the plane.
        let edge = |number: i64, more: f64| (number as f64 * CELL + more) * self.view.scale;
        let world = |value: f64| value.clamp(0.0, 4_294_967_296.0);
        let set = self.view.set;
        let [west, north] = set.unproject(world(edge(column, -0.5)), world(edge(row, -0.5)));
        let [east, south] = set.unproject(world(edge(column + 1, 0.5)), world(edge(row + 1, 0.5)));
        Bounds([west, south, east, north])
    }

    fn candidate(
        &self,
        nth: usize,
        feature: FeatureRef<'a>,
        at: [f64; 2],
        angle: f32,
        place: u32,
    ) -> Option<Candidate> {
        let source = &self.sources[nth];
        let context = Context {
            zoom: self.view.zoom(),
            subject: Subject::Feature(feature, source.language),
        };
        let floored = Context {
            zoom: f64::from(self.view.tile_zoom()),
            ..context
        };
        if source.filter.is_some_and(|filter| !filter.value(floored).is_true()) {
            return None;
        }
        let (words, area) = set_words(source.look, context, angle)?;
        let fits = area.iter().all(|side| side.abs() <= REACH);
        let order = source.look.order.as_ref().and_then(|order| order.number(context));
        fits.then_some(Candidate {
            rank: (
                usize::MAX - nth,
                sortable(order.unwrap_or(0.0)),
                feature.number(),
                place,
            ),
            area: [area[0] + at[0], area[1] + at[1], area[2] + at[0], area[3] + at[1]],
            words,
            at,
            always: source.look.always,
            state: State::Open,
            rivals: None,
        })
    }
}

/// The words of a feature around its anchor, and the box that they keep clear.
pub fn set_words(look: &LabelLook, context: Context<'_>, angle: f32) -> Option<(Words, [f64; 4])> {
    let text = match look.text.value(context) {
        Value::Null => return None,
        value => value.into_text(),
    };
    if text.trim().is_empty() {
        return None;
    }
    // Quarters of a pixel keep the number of pictures of words small.
    let size = (look.size.number(context)? * 4.0).round() as f32 / 4.0;
    let line = shape(look.font, text.trim());
    let width = f64::from(line.width * size);
    let em = f64::from(size);
    let [dx, dy] = look.offset.map(|offset| f64::from(offset) * em);
    let middle = em * (ABOVE - BELOW) / 2.0;
    let [x, y] = match look.anchor {
        Anchor::Centre => [0.0, middle],
        Anchor::Top => [0.0, em * ABOVE],
        Anchor::Bottom => [0.0, -em * BELOW],
        Anchor::Left => [width / 2.0, middle],
        Anchor::Right => [-width / 2.0, middle],
    };
    let (x, y) = (x + dx, y + dy);
    let padding = f64::from(look.padding);
    let box_ = [
        x - width / 2.0 - padding,
        y - em * ABOVE - padding,
        x + width / 2.0 + padding,
        y + em * BELOW + padding,
    ];
    let (sin, cos) = f64::from(angle).sin_cos();
    let turned = |[x, y]: [f64; 2]| [x * cos - y * sin, x * sin + y * cos];
    let [left, top, right, bottom] = box_;
    let corners = [[left, top], [right, top], [left, bottom], [right, bottom]].map(turned);
    let area = corners
        .iter()
        .fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |area, [x, y]| {
            [area[0].min(*x), area[1].min(*y), area[2].max(*x), area[3].max(*y)]
        });
    let words = Words {
        line,
        font: look.font,
        size,
        ink: look.ink,
        halo: look.halo,
        at: turned([x, y]).map(|value| value as f32),
        angle,
    };
    Some((words, area))
}

/// Places for names along the lines of a layer: from the middle of each part outwards, where the line is straight enough.
fn line_places(view: &View, tiles: &LayerTiles, places: &mut FxHashMap<Cell, Vec<LinePlace>>) {
    let Some(zoom) = detail(view, tiles) else { return };
    let shapes = tiles.shapes_at(view.set, view.set.detail_zoom(zoom));
    for feature in 0..tiles.layer().len() as u32 {
        let mut nth = 0;
        for part in shapes.parts(feature).iter().filter(|part| part.role == Role::Line) {
            let points: Vec<[f64; 2]> = shapes
                .points(part)
                .iter()
                .map(|point| point.map(|value| f64::from(value) / view.scale))
                .collect();
            let mut gone = vec![0.0];
            for pair in points.windows(2) {
                let step = (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1]);
                gone.push(gone[gone.len() - 1] + step);
            }
            let length = gone[gone.len() - 1];
            let count = (length / APART).floor().max(1.0);
            let first = (length - (count - 1.0) * APART) / 2.0;
            for place in 0..count as u32 {
                let along = first + f64::from(place) * APART;
                // Names are some eighty pixels long.
                let [before, at, after] =
                    [along - 40.0, along, along + 40.0].map(|along| point_at(&points, &gone, along));
                let turn = bearing(at, after) - bearing(before, at);
                let turn = turn.sin().atan2(turn.cos()).abs();
                nth += 1;
                if length > 90.0 && turn < 0.6 {
                    places.entry(cell_of(at)).or_default().push((
                        at,
                        upright(bearing(before, after)) as f32,
                        feature,
                        nth,
                    ));
                }
            }
        }
    }
}

fn point_at(points: &[[f64; 2]], gone: &[f64], along: f64) -> [f64; 2] {
    let next = gone
        .partition_point(|distance| *distance < along)
        .clamp(1, points.len().max(2) - 1);
    let (from, to) = (points[next - 1], points[next]);
    let share = ((along - gone[next - 1]) / (gone[next] - gone[next - 1]).max(1e-9)).clamp(0.0, 1.0);
    [0, 1].map(|axis| from[axis] + (to[axis] - from[axis]) * share)
}

fn bearing(from: [f64; 2], to: [f64; 2]) -> f64 {
    (to[1] - from[1]).atan2(to[0] - from[0])
}

/// Turned by half a circle where letters would be upside down.
fn upright(angle: f64) -> f64 {
    use std::f64::consts::{FRAC_PI_2, PI};
    if angle > FRAC_PI_2 {
        angle - PI
    } else if angle < -FRAC_PI_2 {
        angle + PI
    } else {
        angle
    }
}

fn cell_of(at: [f64; 2]) -> Cell {
    at.map(|value| (value / CELL).floor() as i64)
}

/// The cells from which labels can reach a box.
fn cells_around([left, top, right, bottom]: [f64; 4]) -> impl Iterator<Item = Cell> {
    let [first, last] = [
        cell_of([left - REACH, top - REACH]),
        cell_of([right + REACH, bottom + REACH]),
    ];
    (first[1]..=last[1]).flat_map(move |row| (first[0]..=last[0]).map(move |column| [column, row]))
}

fn meets(a: [f64; 4], b: [f64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

fn holds(outer: [f64; 4], inner: [f64; 4]) -> bool {
    outer[0] <= inner[0] && outer[1] <= inner[1] && inner[2] <= outer[2] && inner[3] <= outer[3]
}

/// A number's place in the order of numbers.
fn sortable(number: f64) -> i64 {
    let bits = number.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}
