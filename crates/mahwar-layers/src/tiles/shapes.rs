//! The geometries of a layer at one zoom, projected once: flat lists of fixed-point coordinates with boxes.

use super::TileMatrixSet;
use crate::layers::Layer;
use geo::{Coord, Geometry, LineString, Polygon};

/// Points of a long part that share a box; a clip skips those whose box is wholly beyond one side.
pub const CHUNK: usize = 32;

/// A position of the plane.
pub type Fixed = [u32; 2];

/// A box of the plane: least x and y, greatest x and y.
#[derive(Clone, Copy, Debug)]
pub struct FixedBox {
    /// Least x and y.
    pub min: Fixed,
    /// Greatest x and y.
    pub max: Fixed,
}

impl FixedBox {
    fn around(points: &[Fixed]) -> Self {
        let mut all = Self {
            min: [u32::MAX; 2],
            max: [0; 2],
        };
        for point in points {
            let [x, y] = *point;
            all.min = [all.min[0].min(x), all.min[1].min(y)];
            all.max = [all.max[0].max(x), all.max[1].max(y)];
        }
        all
    }
}

/// Role of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Points, each on its own.
    Points,
    /// A line.
    Line,
    /// The outer ring of a polygon: no repeated last point, positive area with y southwards.
    Outer,
    /// A hole of the outer ring before it: no repeated last point, negative area.
    Inner,
}

/// A run of points with one role.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    first: u32,
    count: u32,
    chunks: u32,
    /// Its role.
    pub role: Role,
    /// Its box.
    pub bounds: FixedBox,
}

/// All parts of all features of a layer.
#[derive(Debug, Default)]
pub struct Shapes {
    points: Vec<Fixed>,
    parts: Vec<Part>,
    chunks: Vec<FixedBox>,
    /// End of the parts of each feature.
    ends: Vec<u32>,
}

impl Shapes {
    /// Projects every feature's geometry for a zoom.
    pub fn of(layer: &Layer, set: TileMatrixSet, zoom: u8) -> Self {
        let mut shapes = Self::default();
        shapes.points.reserve(layer.len());
        shapes.parts.reserve(layer.len());
        shapes.ends.reserve_exact(layer.len());
        for feature in layer.features() {
            if let Some(geometry) = feature.geometry_at(zoom) {
                shapes.add(&geometry, set);
            }
            shapes.ends.push(shapes.parts.len() as u32);
        }
        shapes.points.shrink_to_fit();
        shapes.parts.shrink_to_fit();
        shapes.chunks.shrink_to_fit();
        shapes
    }

    /// The parts of a feature.
    pub fn parts(&self, feature: u32) -> &[Part] {
        let feature = feature as usize;
        let start = if feature == 0 { 0 } else { self.ends[feature - 1] };
        &self.parts[start as usize..self.ends[feature] as usize]
    }

    /// The points of a part.
    pub fn points(&self, part: &Part) -> &[Fixed] {
        &self.points[part.first as usize..(part.first + part.count) as usize]
    }

    /// The points of a part in runs of [`CHUNK`], each with its box; a short part is one run.
    pub fn chunks(&self, part: &Part) -> impl Iterator<Item = (&[Fixed], FixedBox)> {
        let points = self.points(part);
        let boxes = &self.chunks[part.chunks as usize..];
        let short = points.len() <= CHUNK;
        points
            .chunks(CHUNK)
            .enumerate()
            .map(move |(at, run)| (run, if short { part.bounds } else { boxes[at] }))
    }

    fn add(&mut self, geometry: &Geometry<f64>, set: TileMatrixSet) {
        match geometry {
            Geometry::Point(point) => self.push([&point.0], Role::Points, set),
            Geometry::MultiPoint(points) => self.push(points.0.iter().map(|point| &point.0), Role::Points, set),
            Geometry::Line(line) => self.push([&line.start, &line.end], Role::Line, set),
            Geometry::LineString(line) => self.push(&line.0, Role::Line, set),
            Geometry::MultiLineString(lines) => {
                for line in lines {
                    self.push(&line.0, Role::Line, set);
                }
            }
            Geometry::Polygon(polygon) => self.add_polygon(polygon, set),
            Geometry::MultiPolygon(polygons) => {
                for polygon in polygons {
                    self.add_polygon(polygon, set);
                }
            }
            Geometry::Rect(rect) => self.add_polygon(&rect.to_polygon(), set),
            Geometry::Triangle(triangle) => self.add_polygon(&triangle.to_polygon(), set),
            Geometry::GeometryCollection(members) => {
                for member in members {
                    self.add(member, set);
                }
            }
        }
    }

    fn add_polygon(&mut self, polygon: &Polygon<f64>, set: TileMatrixSet) {
        let before = self.parts.len();
        self.add_ring(polygon.exterior(), Role::Outer, set);
        if self.parts.len() > before {
            for ring in polygon.interiors() {
                self.add_ring(ring, Role::Inner, set);
            }
        }
    }

    fn add_ring(&mut self, ring: &LineString<f64>, role: Role, set: TileMatrixSet) {
        let open = match ring.0.as_slice() {
            [first, rest @ .., last] if first == last && !rest.is_empty() => &ring.0[..ring.0.len() - 1],
            all => all,
        };
        self.push(open, role, set);
    }

    fn push<'a>(&mut self, coords: impl IntoIterator<Item = &'a Coord<f64>>, role: Role, set: TileMatrixSet) {
        let first = self.points.len();
        for coord in coords {
            let point = set.project(coord.x, coord.y);
            // Only points on the same unit are dropped: 9 mm.
            if role == Role::Points || self.points.len() == first || self.points.last() != Some(&point) {
                self.points.push(point);
            }
        }
        let points = &mut self.points[first..];
        let least = match role {
            Role::Points => 1,
            Role::Line => 2,
            Role::Outer | Role::Inner => 3,
        };
        if points.len() < least {
            self.points.truncate(first);
            return;
        }
        if matches!(role, Role::Outer | Role::Inner) {
            let positive = doubled_area(points) > 0;
            if positive != (role == Role::Outer) {
                points.reverse();
            }
        }
        let bounds = FixedBox::around(points);
        let chunks = self.chunks.len() as u32;
        if points.len() > CHUNK {
            self.chunks.extend(points.chunks(CHUNK).map(FixedBox::around));
        }
        self.parts.push(Part {
            first: first as u32,
            count: (self.points.len() - first) as u32,
            chunks,
            role,
            bounds,
        });
    }
}

/// Twice the area of an open ring by the surveyor's formula.
fn doubled_area(ring: &[Fixed]) -> i128 {
    let mut sum = 0;
    let mut before = ring[ring.len() - 1];
    for &at in ring {
        sum += i128::from(before[0]) * i128::from(at[1]) - i128::from(at[0]) * i128::from(before[1]);
        before = at;
    }
    sum
}
