//! The boundaries of a land, ready for questions: units by p-code, containment, adjacency.

use super::{
    ArcRef, Micro, Topology, TopologyError, Unit,
    dissolve::{self, Side},
    simplify::Simplification,
    topology::{Rings, degrees},
};
use crate::{
    gazetteer::Level,
    geodesy::{self, LonLat},
};
use geo::{Coord, LineString, MultiPolygon, Polygon};
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// Zooms with a simplified geometry of their own; from here on the full resolution is drawn.
pub const FULL_ZOOM: u8 = 14;

/// Position of a unit in [`Boundaries::units`].
pub type UnitIndex = usize;

/// A p-code that is no unit of the land.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown unit {0:?}; accepted: the p-codes in boundaries.topojson")]
pub struct UnknownUnit(pub String);

/// All units with their shared arcs, and indexes over them.
#[derive(Debug)]
pub struct Boundaries {
    topology: Topology,
    by_code: FxHashMap<String, UnitIndex>,
    /// For each unit the unit above it.
    parents: Vec<Option<UnitIndex>>,
    /// For each arc the finest units on its left and on its right.
    sides: Vec<[Option<UnitIndex>; 2]>,
    tree: OnceLock<UnitTree>,
    simplification: OnceLock<Simplification>,
}

/// Boxes of the finest units, and the rings of each as points.
#[derive(Debug)]
struct UnitTree {
    boxes: RTree<GeomWithData<Rectangle<[i32; 2]>, UnitIndex>>,
    rings: FxHashMap<UnitIndex, Vec<Vec<Micro>>>,
}

impl Boundaries {
    /// Reads `boundaries.topojson`.
    pub fn parse(bytes: &[u8]) -> Result<Self, TopologyError> {
        Self::new(Topology::parse(bytes)?)
    }

    /// Builds the indexes over a topology. Every arc must bound a unit of the finest level.
    pub fn new(topology: Topology) -> Result<Self, TopologyError> {
        let by_code: FxHashMap<String, UnitIndex> = topology
            .units
            .iter()
            .enumerate()
            .map(|(index, unit)| (unit.pcode.clone(), index))
            .collect();
        let parent_of = |unit: &Unit| by_code.get(unit.parent.as_deref()?).copied();
        let parents = topology.units.iter().map(parent_of).collect();
        let sides = sides_of(&topology)?;
        Ok(Self {
            by_code,
            parents,
            sides,
            tree: OnceLock::new(),
            simplification: OnceLock::new(),
            topology,
        })
    }

    /// All units, from the top level down.
    pub fn units(&self) -> &[Unit] {
        &self.topology.units
    }

    /// The units of one level, in the order of their p-codes.
    pub fn units_of(&self, level: Level) -> impl Iterator<Item = &Unit> {
        self.topology.units.iter().filter(move |unit| unit.level == level)
    }

    /// The unit with this p-code.
    pub fn unit(&self, pcode: &str) -> Option<&Unit> {
        self.index_of(pcode).map(|index| &self.topology.units[index])
    }

    /// The position of the unit with this p-code.
    pub fn index_of(&self, pcode: &str) -> Option<UnitIndex> {
        self.by_code.get(pcode).copied()
    }

    /// The formal parent's p-code.
    pub fn parent(&self, pcode: &str) -> Option<&str> {
        self.unit(pcode)?.parent.as_deref()
    }

    /// The unit of `level` that this unit is a part of, itself included.
    pub fn ancestor(&self, pcode: &str, level: Level) -> Option<&Unit> {
        let index = self.ancestor_index(self.index_of(pcode)?, level)?;
        Some(&self.topology.units[index])
    }

    pub(crate) fn ancestor_index(&self, mut unit: UnitIndex, level: Level) -> Option<UnitIndex> {
        while self.topology.units[unit].level != level {
            unit = self.parents[unit]?;
        }
        Some(unit)
    }

    /// The units directly below this one.
    pub fn children<'a>(&'a self, pcode: &'a str) -> impl Iterator<Item = &'a Unit> {
        self.topology
            .units
            .iter()
            .filter(move |unit| unit.parent.as_deref() == Some(pcode))
    }

    /// The shared arcs in micro-degrees at full resolution.
    pub fn arcs(&self) -> &[Vec<Micro>] {
        &self.topology.arcs
    }

    /// The countries beyond the border.
    pub fn neighbours(&self) -> &[super::Neighbour] {
        &self.topology.neighbours
    }

    /// The finest units to the left and to the right of an arc in its direction; none outside the land.
    pub fn sides(&self, arc: ArcRef) -> [Option<&Unit>; 2] {
        self.side_indexes(arc)
            .map(|unit| unit.map(|unit| &self.topology.units[unit]))
    }

    pub(crate) fn side_indexes(&self, arc: ArcRef) -> [Option<UnitIndex>; 2] {
        let [left, right] = self.sides[arc.index()];
        if arc.is_reversed() {
            [right, left]
        } else {
            [left, right]
        }
    }

    /// The units of the same level that share an arc with this one, in the order of the file.
    pub fn adjacent(&self, pcode: &str) -> Vec<&Unit> {
        let Some(index) = self.index_of(pcode) else {
            return Vec::new();
        };
        let unit = &self.topology.units[index];
        let arcs = unit.polygons.iter().flatten().flatten();
        let mut found: Vec<UnitIndex> = arcs
            .filter_map(|&arc| self.ancestor_index(self.side_indexes(arc)[1]?, unit.level))
            .filter(|&other| other != index)
            .collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|other| &self.topology.units[other]).collect()
    }

    /// A unit's polygons at full resolution, shells counter-clockwise.
    pub fn geometry(&self, pcode: &str) -> Option<MultiPolygon<f64>> {
        Some(self.shape(&self.unit(pcode)?.polygons, None))
    }

    /// A unit's polygons as drawn at a zoom; neighbours stay neighbours, see [`Simplification`].
    pub fn geometry_at(&self, pcode: &str, zoom: u8) -> Option<MultiPolygon<f64>> {
        Some(self.shape(&self.unit(pcode)?.polygons, Some(zoom)))
    }

    /// Polygons made of arcs as coordinates, at full resolution or as drawn at a zoom.
    pub fn shape(&self, polygons: &[Rings], zoom: Option<u8>) -> MultiPolygon<f64> {
        let ring = |ring: &Vec<ArcRef>| -> LineString<f64> {
            LineString::new(self.points(ring, zoom).into_iter().map(coordinate).collect())
        };
        polygons
            .iter()
            .filter_map(|rings| {
                let (shell, holes) = rings.split_first()?;
                Some(Polygon::new(ring(shell), holes.iter().map(ring).collect()))
            })
            .collect()
    }

    /// Arcs one after the other as a line, at full resolution or as drawn at a zoom.
    pub fn line(&self, arcs: &[ArcRef], zoom: Option<u8>) -> Vec<LonLat> {
        self.points(arcs, zoom)
            .into_iter()
            .map(|point| point.map(degrees))
            .collect()
    }

    /// The points of arcs one after the other; the end of one is the start of the next.
    pub fn points(&self, arcs: &[ArcRef], zoom: Option<u8>) -> Vec<Micro> {
        let mut all: Vec<Micro> = Vec::new();
        for &arc in arcs {
            all.pop();
            match zoom.filter(|&zoom| zoom < FULL_ZOOM) {
                None => all.extend(arc.walk(&self.topology.arcs)),
                Some(zoom) => all.extend(self.simplification().walk(arc, &self.topology.arcs, zoom)),
            }
        }
        all
    }

    /// For each point of lines of arcs at full resolution the first zoom at which it is drawn, line after line.
    pub fn first_zooms<'a>(
        &'a self,
        lines: impl IntoIterator<Item = &'a Vec<ArcRef>> + 'a,
    ) -> impl Iterator<Item = u8> + 'a {
        let simplification = self.simplification();
        lines.into_iter().flat_map(|line| simplification.first_zooms(line))
    }

    /// Points that each zoom leaves out; computed at the first call.
    pub fn simplification(&self) -> &Simplification {
        self.simplification
            .get_or_init(|| Simplification::of(&self.topology.arcs))
    }

    /// Geodesic area of a unit at full resolution, in km².
    pub fn area_km2(&self, pcode: &str) -> Option<f64> {
        Some(geodesy::area_km2(&self.geometry(pcode)?))
    }

    /// The unit of a level that a position lies in. A position on a border belongs to the unit with the smallest
    /// p-code; positions are rounded to the nearest micro-degree (0.1 m).
    pub fn unit_at(&self, level: Level, [lon, lat]: LonLat) -> Option<&Unit> {
        if !(lon.abs() <= 180.0 && lat.abs() <= 90.0) {
            return None;
        }
        let point = super::topology::micro([lon, lat]);
        let tree = self.tree.get_or_init(|| self.build_tree());
        let around = tree.boxes.locate_in_envelope_intersecting(AABB::from_point(point));
        let holds = |unit: &UnitIndex| tree.rings.get(unit).is_some_and(|rings| covers(rings, point));
        let found = around.map(|entry| entry.data).filter(holds).min()?;
        Some(&self.topology.units[self.ancestor_index(found, level)?])
    }

    fn build_tree(&self) -> UnitTree {
        let finest = self
            .topology
            .units
            .iter()
            .enumerate()
            .filter(|(_, unit)| unit.level == FINEST);
        let mut boxes = Vec::new();
        let mut all = FxHashMap::default();
        for (index, unit) in finest {
            let rings: Vec<Vec<Micro>> = unit
                .polygons
                .iter()
                .flatten()
                .map(|ring| dissolve::points(ring, &self.topology.arcs))
                .collect();
            let corner = |pick: fn(i32, i32) -> i32, from: i32| {
                rings.iter().flatten().fold([from; 2], |corner, point| {
                    [0, 1].map(|axis| pick(corner[axis], point[axis]))
                })
            };
            let bounds = AABB::from_corners(corner(i32::min, i32::MAX), corner(i32::max, i32::MIN));
            boxes.push(GeomWithData::new(Rectangle::from_aabb(bounds), index));
            all.insert(index, rings);
        }
        UnitTree {
            boxes: RTree::bulk_load(boxes),
            rings: all,
        }
    }
}

/// The level that all others are dissolved from.
pub(crate) const FINEST: Level = Level::Subdistrict;

/// True if a point is inside or on the border of polygons given by their rings, holes counted out.
fn covers(rings: &[Vec<Micro>], point: Micro) -> bool {
    let mut inside = false;
    for ring in rings {
        match dissolve::side_of_ring(point, ring) {
            Side::Border => return true,
            Side::Inside => inside = !inside,
            Side::Outside => {}
        }
    }
    inside
}

fn coordinate(point: Micro) -> Coord<f64> {
    let [x, y] = point.map(degrees);
    Coord { x, y }
}

fn sides_of(topology: &Topology) -> Result<Vec<[Option<UnitIndex>; 2]>, TopologyError> {
    let mut sides = vec![[None, None]; topology.arcs.len()];
    for (index, unit) in topology
        .units
        .iter()
        .enumerate()
        .filter(|(_, unit)| unit.level == FINEST)
    {
        for arc in unit.polygons.iter().flatten().flatten() {
            let side = &mut sides[arc.index()][usize::from(arc.is_reversed())];
            if let Some(other) = side.replace(index) {
                let other = &topology.units[other].pcode;
                return Err(TopologyError::Unit {
                    unit: unit.pcode.clone(),
                    what: format!("has arc {} on the same side as {other:?}", arc.index()),
                });
            }
        }
    }
    match sides.iter().position(|sides| sides.iter().all(Option::is_none)) {
        Some(arc) => Err(TopologyError::Arc {
            arc,
            what: "bounds no unit of the finest level".to_owned(),
        }),
        None => Ok(sides),
    }
}
