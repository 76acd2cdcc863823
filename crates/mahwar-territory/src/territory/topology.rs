//! Units as rings of shared arcs, and their file: TopoJSON quantised at exactly 1e-6 degree.
//!
//! Coordinates are whole micro-degrees, so that equal positions of the source stay equal here and
//! every decision about which edges are shared is exact.

use crate::gazetteer::Level;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Write};

/// A position in micro-degrees on WGS 84: longitude, latitude.
pub type Micro = [i32; 2];

/// Degrees in one micro-degree: the quantisation of the file.
pub const QUANTUM: f64 = 1e-6;

/// The objects of the file and the level of each, from the top down.
pub const OBJECTS: [(&str, Level); 4] = [
    ("adm0", Level::Country),
    ("adm1", Level::Governorate),
    ("adm2", Level::District),
    ("adm3", Level::Subdistrict),
];

/// Errors of `boundaries.topojson`.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum TopologyError {
    #[error("boundaries.topojson is not TopoJSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("boundaries.topojson: {what}; accepted: {accepted}")]
    Header { what: String, accepted: &'static str },
    #[error("boundaries.topojson: arc {arc} {what}")]
    Arc { arc: usize, what: String },
    #[error("boundaries.topojson: unit {unit:?} {what}")]
    Unit { unit: String, what: String },
}

/// One use of an arc in a ring: its number, and `!number` when it is walked backwards (as in TopoJSON).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ArcRef(i32);

impl ArcRef {
    /// The arc with this number, walked forwards.
    pub fn forward(arc: usize) -> Self {
        Self(i32::try_from(arc).expect("fewer than 2^31 arcs"))
    }

    /// The number of the arc.
    pub fn index(self) -> usize {
        (if self.0 < 0 { !self.0 } else { self.0 }) as usize
    }

    /// True if it is walked from its last point to its first.
    pub fn is_reversed(self) -> bool {
        self.0 < 0
    }

    /// The same arc the other way round.
    pub fn reversed(self) -> Self {
        Self(!self.0)
    }

    /// Its points in walking order.
    pub fn walk<T: Copy>(self, arcs: &[Vec<T>]) -> impl Iterator<Item = T> + '_ {
        let arc = &arcs[self.index()];
        let last = arc.len() - 1;
        (0..=last).map(move |step| arc[if self.is_reversed() { last - step } else { step }])
    }
}

/// A closed walk over arcs.
pub type Ring = Vec<ArcRef>;

/// An outer ring (counter-clockwise), then its holes (clockwise).
pub type Rings = Vec<Ring>;

/// One administrative unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Its p-code.
    pub pcode: String,
    /// The p-code of the unit that it is a part of; none for a country.
    pub parent: Option<String>,
    /// Its level.
    pub level: Level,
    /// Its polygons.
    pub polygons: Vec<Rings>,
}

/// A country beyond the border.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbour {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// The stretches of border shared with it, the land on their left.
    pub arcs: Vec<ArcRef>,
}

/// All units over one set of arcs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topology {
    /// Polylines between nodes; at least two points each, no two equal points in a row.
    pub arcs: Vec<Vec<Micro>>,
    /// Units from the top level down, each level in the order of the file.
    pub units: Vec<Unit>,
    /// The countries around, where they are known.
    pub neighbours: Vec<Neighbour>,
}

impl Topology {
    /// Reads TopoJSON as [`Topology::write`] writes it.
    pub fn parse(bytes: &[u8]) -> Result<Self, TopologyError> {
        let file: File = serde_json::from_slice(bytes)?;
        if file.kind != "Topology" {
            return Err(TopologyError::Header {
                what: format!("type is {:?}", file.kind),
                accepted: "Topology",
            });
        }
        let origin = origin_of(&file.transform)?;
        let arcs = file
            .arcs
            .into_iter()
            .enumerate()
            .map(|(number, steps)| undo_deltas(steps, origin).map_err(|what| TopologyError::Arc { arc: number, what }))
            .collect::<Result<Vec<_>, _>>()?;
        let mut units = Vec::new();
        for (name, level) in OBJECTS {
            let object = file.objects.levels.get(name).ok_or_else(|| TopologyError::Header {
                what: format!("object {name:?} is missing"),
                accepted: "objects adm0, adm1, adm2, adm3",
            })?;
            units.extend(object.geometries.iter().map(|geometry| geometry.to_unit(level)));
        }
        let around = file.objects.neighbours.into_iter().flat_map(|object| object.geometries);
        let topology = Self {
            arcs,
            units,
            neighbours: around.map(NeighbourGeometry::into_neighbour).collect(),
        };
        topology.check_references()?;
        Ok(topology)
    }

    /// Writes TopoJSON, one arc and one unit a line.
    pub fn write(&self) -> String {
        let origin = self.lower_corner();
        let mut out = String::from("{\"type\":\"Topology\",\n");
        let _ = writeln!(
            out,
            "\"transform\":{{\"scale\":[0.000001,0.000001],\"translate\":[{},{}]}},\n\"objects\":{{",
            degrees(origin[0]),
            degrees(origin[1])
        );
        for (number, (name, level)) in OBJECTS.into_iter().enumerate() {
            let comma = if number == 0 { "" } else { ",\n" };
            let _ = writeln!(
                out,
                "{comma}\"{name}\":{{\"type\":\"GeometryCollection\",\"geometries\":["
            );
            let of_level = self.units.iter().filter(|unit| unit.level == level);
            out.push_str(&of_level.map(write_unit).collect::<Vec<_>>().join(",\n"));
            out.push_str("\n]}");
        }
        out.push_str(",\n\"neighbours\":{\"type\":\"GeometryCollection\",\"geometries\":[\n");
        out.push_str(
            &self
                .neighbours
                .iter()
                .map(write_neighbour)
                .collect::<Vec<_>>()
                .join(",\n"),
        );
        out.push_str("\n]}},\n\"arcs\":[\n");
        let arcs = self.arcs.iter().map(|arc| write_arc(arc, origin));
        out.push_str(&arcs.collect::<Vec<_>>().join(",\n"));
        out.push_str("\n]}\n");
        out
    }

    fn lower_corner(&self) -> Micro {
        let points = || self.arcs.iter().flatten();
        [0, 1].map(|axis| points().map(|point| point[axis]).min().unwrap_or_default())
    }

    fn check_references(&self) -> Result<(), TopologyError> {
        let mut seen = BTreeMap::new();
        for unit in &self.units {
            let wrong = |what: String| TopologyError::Unit {
                unit: unit.pcode.clone(),
                what,
            };
            if seen.insert(unit.pcode.as_str(), unit.level).is_some() {
                return Err(wrong("stands twice".to_owned()));
            }
            match (&unit.parent, unit.level) {
                (None, Level::Country) => {}
                (None, _) => return Err(wrong("has no parent".to_owned())),
                (Some(parent), level) => match seen.get(parent.as_str()) {
                    Some(above) if *above < level => {}
                    _ => {
                        return Err(wrong(format!(
                            "has the parent {parent:?}, which is no unit of a higher level"
                        )));
                    }
                },
            }
            if unit.polygons.is_empty() {
                return Err(wrong("has no polygon".to_owned()));
            }
            for ring in unit.polygons.iter().flatten() {
                self.check_ring(ring).map_err(wrong)?;
            }
        }
        let mut outer = self.neighbours.iter().flat_map(|country| country.arcs.iter());
        match outer.find(|arc| arc.index() >= self.arcs.len()) {
            Some(arc) => Err(TopologyError::Arc {
                arc: arc.index(),
                what: "is named by a neighbour but is not there".to_owned(),
            }),
            None => Ok(()),
        }
    }

    fn check_ring(&self, ring: &Ring) -> Result<(), String> {
        if let Some(outside) = ring.iter().find(|arc| arc.index() >= self.arcs.len()) {
            return Err(format!(
                "uses arc {}, but there are {} arcs",
                outside.index(),
                self.arcs.len()
            ));
        }
        let end = |arc: &ArcRef| arc.walk(&self.arcs).last();
        let start = |arc: &ArcRef| arc.walk(&self.arcs).next();
        let Some(last) = ring.last() else {
            return Err("has an empty ring".to_owned());
        };
        let before = std::iter::once(last).chain(ring);
        for (previous, next) in before.zip(ring) {
            if end(previous) != start(next) {
                return Err(format!("has a ring that is open before arc {}", next.index()));
            }
        }
        Ok(())
    }
}

/// Micro-degrees as degrees: the double nearest to the decimal number.
pub fn degrees(micro: i32) -> f64 {
    f64::from(micro) / 1e6
}

/// Degrees as micro-degrees, rounded to the nearest.
pub fn micro(position: [f64; 2]) -> Micro {
    position.map(|value| (value * 1e6).round() as i32)
}

#[derive(Deserialize)]
struct File {
    #[serde(rename = "type")]
    kind: String,
    transform: Transform,
    objects: Objects,
    arcs: Vec<Vec<[i64; 2]>>,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Objects {
    #[serde(default)]
    neighbours: Option<Object<NeighbourGeometry>>,
    #[serde(flatten)]
    levels: BTreeMap<String, Object<Geometry>>,
}

#[derive(Deserialize)]
struct Object<G> {
    geometries: Vec<G>,
}

#[derive(Serialize, Deserialize)]
struct NeighbourGeometry {
    #[serde(rename = "type")]
    kind: String,
    arcs: Vec<Vec<ArcRef>>,
    id: String,
}

impl NeighbourGeometry {
    fn into_neighbour(self) -> Neighbour {
        Neighbour {
            code: self.id,
            arcs: self.arcs.into_iter().flatten().collect(),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Geometry {
    #[serde(flatten)]
    shape: Shape,
    id: String,
    #[serde(default)]
    properties: UnitProperties,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", content = "arcs")]
enum Shape {
    Polygon(Rings),
    MultiPolygon(Vec<Rings>),
}

#[derive(Default, Serialize, Deserialize)]
struct UnitProperties {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
}

impl Geometry {
    fn to_unit(&self, level: Level) -> Unit {
        Unit {
            pcode: self.id.clone(),
            parent: self.properties.parent.clone(),
            level,
            polygons: match &self.shape {
                Shape::Polygon(rings) => vec![rings.clone()],
                Shape::MultiPolygon(polygons) => polygons.clone(),
            },
        }
    }
}

fn origin_of(transform: &Transform) -> Result<[i64; 2], TopologyError> {
    if transform.scale.iter().any(|scale| (scale / QUANTUM - 1.0).abs() > 1e-9) {
        return Err(TopologyError::Header {
            what: format!("the scale is {:?}", transform.scale),
            accepted: "[0.000001,0.000001]",
        });
    }
    if transform
        .translate
        .iter()
        .any(|value| !(-360.0..=360.0).contains(value))
    {
        return Err(TopologyError::Header {
            what: format!("the translation is {:?}", transform.translate),
            accepted: "degrees",
        });
    }
    Ok(transform.translate.map(|value| (value * 1e6).round() as i64))
}

/// Adds up the steps of an arc; refuses positions outside the range of longitude and latitude.
fn undo_deltas(steps: Vec<[i64; 2]>, origin: [i64; 2]) -> Result<Vec<Micro>, String> {
    if steps.len() < 2 {
        return Err(format!("has {} points; at least 2 are needed", steps.len()));
    }
    let mut at = origin;
    let mut arc: Vec<Micro> = Vec::with_capacity(steps.len());
    for step in steps {
        at = [at[0].saturating_add(step[0]), at[1].saturating_add(step[1])];
        if at[0].abs() > 180_000_000 || at[1].abs() > 90_000_000 {
            return Err(format!(
                "leaves the range of longitude and latitude at point {}",
                arc.len()
            ));
        }
        let point = [at[0] as i32, at[1] as i32];
        if arc.last() == Some(&point) {
            return Err(format!("has two equal points in a row at point {}", arc.len()));
        }
        arc.push(point);
    }
    Ok(arc)
}

fn write_unit(unit: &Unit) -> String {
    let geometry = Geometry {
        shape: match unit.polygons.as_slice() {
            [rings] => Shape::Polygon(rings.clone()),
            polygons => Shape::MultiPolygon(polygons.to_vec()),
        },
        id: unit.pcode.clone(),
        properties: UnitProperties {
            parent: unit.parent.clone(),
        },
    };
    serde_json::to_string(&geometry).expect("a unit is plain JSON")
}

fn write_neighbour(neighbour: &Neighbour) -> String {
    let geometry = NeighbourGeometry {
        kind: "MultiLineString".to_owned(),
        arcs: neighbour.arcs.iter().map(|&arc| vec![arc]).collect(),
        id: neighbour.code.clone(),
    };
    serde_json::to_string(&geometry).expect("a neighbour is plain JSON")
}

fn write_arc(arc: &[Micro], origin: Micro) -> String {
    let mut at = origin;
    let mut steps = Vec::with_capacity(arc.len());
    for point in arc {
        steps.push([point[0] - at[0], point[1] - at[1]]);
        at = *point;
    }
    serde_json::to_string(&steps).expect("an arc is plain JSON")
}
