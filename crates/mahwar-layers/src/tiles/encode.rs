//! Writing the messages of a vector tile: features with geometry and tags, keys, values.

use super::{
    EXTENT,
    clip::{ClipRoom, Grid, Window, clip_line, clip_ring, doubled_area},
    shapes::{Fixed, Part, Role, Shapes},
    wire,
};
use crate::layers::{Layer, ValueRef};
use geo::{BooleanOps, Coord, LineString, MultiPolygon, Polygon};

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u8 = 7 | 1 << 3;

/// MVT's geometry types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub(super) enum MvtGeometry {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// Reusable buffers for encoding, one set for each thread.
#[derive(Debug, Default)]
pub struct Scratch {
    room: ClipRoom,
    ring: Vec<Grid>,
    geometry: Vec<u8>,
    tags: Vec<u8>,
    pub(super) found: Vec<u32>,
    pub(super) main: LayerMessage,
    pub(super) labels: LayerMessage,
}

/// The name of the attribute with the id of a feature, as in `items`.
pub(super) const ID: &str = "id";

/// One layer of a tile while it grows: its features and its tables of keys and values.
#[derive(Debug, Default)]
pub(super) struct LayerMessage {
    features: Vec<u8>,
    count: usize,
    keys: Vec<u8>,
    key_of_field: Vec<u32>,
    key_count: u32,
    values: Vec<u8>,
    value_count: u32,
    table: ValueTable,
}

impl LayerMessage {
    /// Begins a layer with so many fields; the id is one more.
    pub(super) fn begin(&mut self, fields: usize) {
        self.features.clear();
        self.count = 0;
        self.keys.clear();
        self.key_of_field.clear();
        self.key_of_field.resize(fields + 1, u32::MAX);
        self.key_count = 0;
        self.values.clear();
        self.value_count = 0;
        self.table.begin();
    }

    fn key(&mut self, position: usize, name: &str) -> u32 {
        let key = &mut self.key_of_field[position];
        if *key == u32::MAX {
            *key = self.key_count;
            self.key_count += 1;
            wire::bytes(&mut self.keys, 3, name.as_bytes());
        }
        *key
    }

    fn value(&mut self, layer: &Layer, column: usize, code: u32) -> u32 {
        let next = self.value_count;
        let (local, new) = self.table.find(column as u32, code, next);
        if new {
            self.value_count += 1;
            write_value(&mut self.values, layer.columns()[column].value(code));
        }
        local
    }

    /// Appends one key and value of a feature; `source` is the column that has the value.
    pub(super) fn tag(&mut self, tags: &mut Vec<u8>, layer: &Layer, field: usize, source: usize, code: u32) {
        let key = self.key(field, &layer.fields[field].name);
        let value = self.value(layer, source, code);
        wire::varint(tags, u64::from(key));
        wire::varint(tags, u64::from(value));
    }

    /// Appends the id of a feature. Ids are unique, so the value is not looked up among others.
    pub(super) fn tag_id(&mut self, tags: &mut Vec<u8>, layer: &Layer, id: &str) {
        let key = self.key(layer.fields.len(), ID);
        write_value(&mut self.values, ValueRef::Text(id));
        wire::varint(tags, u64::from(key));
        wire::varint(tags, u64::from(self.value_count));
        self.value_count += 1;
    }

    fn feature(&mut self, number: u64, tags: &[u8], drawn: MvtGeometry, geometry: &[u8]) {
        let tags_len = if tags.is_empty() {
            0
        } else {
            1 + wire::varint_len(tags.len() as u64) + tags.len()
        };
        let length =
            1 + wire::varint_len(number) + tags_len + 2 + 1 + wire::varint_len(geometry.len() as u64) + geometry.len();
        let out = &mut self.features;
        out.push(2 << 3 | 2);
        wire::varint(out, length as u64);
        wire::number(out, 1, number);
        if !tags.is_empty() {
            wire::bytes(out, 2, tags);
        }
        wire::number(out, 3, drawn as u64);
        wire::bytes(out, 4, geometry);
        self.count += 1;
    }

    /// Appends the layer to a tile, unless it has no feature.
    pub(super) fn finish(&self, name: [&str; 2], out: &mut Vec<u8>) {
        if self.count == 0 {
            return;
        }
        let name_len = name[0].len() + name[1].len();
        let length = 2
            + 1
            + wire::varint_len(name_len as u64)
            + name_len
            + self.features.len()
            + self.keys.len()
            + self.values.len()
            + 1
            + wire::varint_len(EXTENT as u64);
        out.reserve(length + 8);
        out.push(3 << 3 | 2);
        wire::varint(out, length as u64);
        wire::number(out, 15, 2);
        out.push(1 << 3 | 2);
        wire::varint(out, name_len as u64);
        out.extend_from_slice(name[0].as_bytes());
        out.extend_from_slice(name[1].as_bytes());
        out.extend_from_slice(&self.features);
        out.extend_from_slice(&self.keys);
        out.extend_from_slice(&self.values);
        wire::number(out, 5, EXTENT as u64);
    }
}

fn write_value(out: &mut Vec<u8>, value: ValueRef<'_>) {
    out.push(4 << 3 | 2);
    match value {
        ValueRef::Null => out.push(0),
        ValueRef::Text(text) | ValueRef::Json(text) => {
            let length = text.len() as u64;
            wire::varint(out, 1 + wire::varint_len(length) as u64 + length);
            wire::bytes(out, 1, text.as_bytes());
        }
        ValueRef::Number(number) => {
            out.extend_from_slice(&[9, 3 << 3 | 1]);
            out.extend_from_slice(&number.to_le_bytes());
        }
        ValueRef::Integer(number) => {
            // int64 for numbers that are not negative, sint64 for negative ones: the shorter of the two.
            let (field, bits) = if number < 0 {
                (6, ((number << 1) ^ (number >> 63)) as u64)
            } else {
                (4, number as u64)
            };
            wire::varint(out, 1 + wire::varint_len(bits) as u64);
            wire::number(out, field, bits);
        }
        ValueRef::Boolean(truth) => out.extend_from_slice(&[2, 7 << 3, u8::from(truth)]),
    }
}

/// Number of each distinct value in the tile: a hash table with open addressing, cleared by incrementing a counter.
#[derive(Debug, Default)]
struct ValueTable {
    slots: Vec<Slot>,
    age: u32,
    used: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    age: u32,
    column: u32,
    code: u32,
    local: u32,
}

impl ValueTable {
    fn begin(&mut self) {
        if self.slots.is_empty() {
            self.slots = vec![Slot::default(); 1024];
        }
        self.used = 0;
        self.age = self.age.wrapping_add(1);
        if self.age == 0 {
            self.slots.fill(Slot::default());
            self.age = 1;
        }
    }

    /// Returns the number of a value and true if it is new; a new one gets `next`.
    fn find(&mut self, column: u32, code: u32, next: u32) -> (u32, bool) {
        if self.used * 2 >= self.slots.len() {
            self.grow();
        }
        let at = self.slot_for(column, code);
        let slot = &mut self.slots[at];
        if slot.age == self.age {
            return (slot.local, false);
        }
        *slot = Slot {
            age: self.age,
            column,
            code,
            local: next,
        };
        self.used += 1;
        (next, true)
    }

    fn slot_for(&self, column: u32, code: u32) -> usize {
        let mask = self.slots.len() - 1;
        let hash = (u64::from(column) << 32 | u64::from(code)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut at = (hash >> 32) as usize & mask;
        loop {
            let slot = &self.slots[at];
            if slot.age != self.age || (slot.column == column && slot.code == code) {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let larger = vec![Slot::default(); self.slots.len() * 2];
        let old = std::mem::replace(&mut self.slots, larger);
        for slot in old.into_iter().filter(|slot| slot.age == self.age) {
            let at = self.slot_for(slot.column, slot.code);
            self.slots[at] = slot;
        }
    }
}

impl Scratch {
    /// Clips a feature to the window and appends it to the main layer with the tags that `tag` writes, unless it is
    /// empty after clipping.
    pub(super) fn draw(
        &mut self,
        window: &Window,
        shapes: &Shapes,
        feature: u32,
        number: u64,
        tag: impl FnOnce(&mut LayerMessage, &mut Vec<u8>),
    ) {
        let Some(drawn) = self.draw_geometry(window, shapes, feature) else {
            return;
        };
        self.tags.clear();
        tag(&mut self.main, &mut self.tags);
        self.main.feature(number, &self.tags, drawn, &self.geometry);
    }

    /// Appends a point to the label layer.
    pub(super) fn draw_label(
        &mut self,
        window: &Window,
        point: Fixed,
        number: u64,
        tag: impl FnOnce(&mut LayerMessage, &mut Vec<u8>),
    ) {
        self.geometry.clear();
        let at = window.grid(point.map(i64::from));
        write_points(&mut self.geometry, &[at]);
        self.tags.clear();
        tag(&mut self.labels, &mut self.tags);
        self.labels
            .feature(number, &self.tags, MvtGeometry::Point, &self.geometry);
    }

    fn draw_geometry(&mut self, window: &Window, shapes: &Shapes, feature: u32) -> Option<MvtGeometry> {
        let Self {
            room, ring, geometry, ..
        } = self;
        geometry.clear();
        let mut cursor = [0, 0];
        let mut drawn = None;
        let mut polygon = Open::default();
        let parts = shapes.parts(feature);
        for (at, part) in parts.iter().enumerate() {
            match part.role {
                Role::Points => {
                    ring.clear();
                    let points = shapes.points(part).iter();
                    let seen = points.filter(|point| window.holds_point(**point));
                    ring.extend(seen.map(|point| window.grid(point.map(i64::from))));
                    if !ring.is_empty() {
                        write_points(geometry, ring);
                        drawn = Some(MvtGeometry::Point);
                    }
                }
                Role::Line => clip_line(window, &part.bounds, shapes.chunks(part), ring, |piece| {
                    write_path(geometry, &mut cursor, piece);
                    drawn = Some(MvtGeometry::Line);
                }),
                Role::Outer => {
                    clip_ring(window, &part.bounds, shapes.chunks(part), room, ring);
                    polygon = Open {
                        first: at,
                        start: geometry.len(),
                        cursor,
                        area: write_ring(geometry, &mut cursor, ring, true),
                    };
                }
                Role::Inner if polygon.area > 0 => {
                    clip_ring(window, &part.bounds, shapes.chunks(part), room, ring);
                    if runs_along_border(window, ring) {
                        // The hole and the outer ring share an edge, which no reader takes for a polygon.
                        let holes = parts[polygon.first..].iter().skip(1);
                        let count = 1 + holes.take_while(|part| part.role == Role::Inner).count();
                        geometry.truncate(polygon.start);
                        cursor = polygon.cursor;
                        for polygon in united(window, shapes, &parts[polygon.first..][..count], room, ring) {
                            write_polygon(geometry, &mut cursor, &polygon);
                        }
                        // The other holes are in it.
                        polygon.area = 0;
                        continue;
                    }
                    let hole = write_ring(geometry, &mut cursor, ring, false);
                    polygon.area -= hole;
                    if polygon.area <= 0 {
                        // The holes cover all of it in this tile.
                        geometry.truncate(polygon.start);
                        cursor = polygon.cursor;
                    }
                }
                Role::Inner => {}
            }
        }
        drawn.or((!geometry.is_empty()).then_some(MvtGeometry::Polygon))
    }
}

/// True if an edge of a ring lies on a side of the buffered tile.
fn runs_along_border(window: &Window, ring: &[Grid]) -> bool {
    let Some(&last) = ring.last() else { return false };
    let [least, greatest] = window.corners();
    let mut before = last;
    ring.iter().any(|&at| {
        let along = |axis: usize| {
            at[axis] == before[axis] && at != before && (at[axis] == least[axis] || at[axis] == greatest[axis])
        };
        let is_along = along(0) || along(1);
        before = at;
        is_along
    })
}

/// An outer ring less its holes on the grid of a tile. Rings that share an edge on a side of the tile become one.
fn united(
    window: &Window,
    shapes: &Shapes,
    parts: &[Part],
    room: &mut ClipRoom,
    ring: &mut Vec<Grid>,
) -> MultiPolygon<f64> {
    let mut rings = parts.iter().filter_map(|part| {
        clip_ring(window, &part.bounds, shapes.chunks(part), room, ring);
        let corners = ring.iter().map(|at| at.map(f64::from)).map(|[x, y]| Coord { x, y });
        (ring.len() >= 3).then(|| Polygon::new(corners.collect(), Vec::new()))
    });
    match rings.next() {
        Some(outer) => outer.difference(&MultiPolygon(rings.collect())),
        None => MultiPolygon(Vec::new()),
    }
}

fn write_polygon(out: &mut Vec<u8>, cursor: &mut Grid, polygon: &Polygon<f64>) {
    let grid = |line: &LineString<f64>| -> Vec<Grid> {
        let mut ring: Vec<Grid> = line
            .0
            .iter()
            .map(|at| [at.x.round() as i32, at.y.round() as i32])
            .collect();
        ring.dedup();
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        ring
    };
    if write_ring(out, cursor, &mut grid(polygon.exterior()), true) == 0 {
        return;
    }
    for hole in polygon.interiors() {
        write_ring(out, cursor, &mut grid(hole), false);
    }
}

/// The polygon being written.
#[derive(Default)]
struct Open {
    /// The position of its outer ring among the parts of the feature.
    first: usize,
    start: usize,
    cursor: Grid,
    /// Twice its remaining area.
    area: i64,
}

fn command(out: &mut Vec<u8>, id: u32, count: usize) {
    wire::varint(out, (count as u64) << 3 | u64::from(id));
}

#[inline]
fn step(out: &mut Vec<u8>, cursor: &mut Grid, to: Grid) {
    wire::parameter(out, to[0] - cursor[0]);
    wire::parameter(out, to[1] - cursor[1]);
    *cursor = to;
}

fn write_points(out: &mut Vec<u8>, points: &[Grid]) {
    let mut cursor = [0, 0];
    command(out, MOVE_TO, points.len());
    for &point in points {
        step(out, &mut cursor, point);
    }
}

fn write_path(out: &mut Vec<u8>, cursor: &mut Grid, path: &[Grid]) {
    command(out, MOVE_TO, 1);
    step(out, cursor, path[0]);
    command(out, LINE_TO, path.len() - 1);
    for &point in &path[1..] {
        step(out, cursor, point);
    }
}

/// Writes a ring that has an area, in the direction of its role; returns twice its area, 0 when nothing was written.
fn write_ring(out: &mut Vec<u8>, cursor: &mut Grid, ring: &mut [Grid], outer: bool) -> i64 {
    if ring.len() < 3 {
        return 0;
    }
    let area = doubled_area(ring);
    if area == 0 {
        return 0;
    }
    if (area > 0) != outer {
        // Rounding has reversed a sliver.
        ring.reverse();
    }
    write_path(out, cursor, ring);
    out.push(CLOSE_PATH);
    area.abs()
}
