//! Administrative boundaries: OCHA COD-AB GeoJSON of levels 0 to 3 becomes one topology of shared arcs.
//!
//! Only the geometry of level 3 is used. The upper levels are dissolved from it, so that all levels share arcs, and are
//! then compared with the source's own geometry of those levels: same units, same areas, same outer border.

use super::{
    neighbours::Countries,
    rings::{self, Feature},
};
use crate::{
    geodesy,
    territory::{
        ArcRef, Micro, Neighbour, Topology, Unit, dissolve,
        topology::{OBJECTS, Rings, degrees},
    },
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// The largest difference between the area of a dissolved unit and that of the source's own unit, in km².
/// The source's levels were generalised at nodes by up to a metre; real errors are larger by far.
const AREA_TOLERANCE_KM2: f64 = 0.01;

/// How far an outer edge may lie from the country's own border, in micro-degrees (0.1 m).
const BORDER_TOLERANCE: f64 = 1.5;

/// A file of the source.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its name, for messages.
    pub name: String,
    /// GeoJSON.
    pub text: String,
}

/// Errors of the given boundaries. Each message names the file, the feature and the unit.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum BoundaryError {
    #[error("{file}: {what}")]
    File { file: String, what: String },
    #[error("{file}: feature {feature} ({unit}): {what}")]
    Feature {
        file: String,
        feature: usize,
        unit: String,
        what: String,
    },
}

/// The topology, and notes made while it was built.
#[derive(Debug)]
pub struct Compiled {
    /// All four levels over one set of arcs.
    pub topology: Topology,
    /// Small departures that were tolerated, one sentence each.
    pub notes: Vec<String>,
    /// Largest difference in area between a dissolved unit and the source's own, in km², with its p-code.
    pub largest_area_difference: (f64, String),
}

/// Builds the topology from the files of levels 0, 1, 2 and 3; `countries` has the neighbour at each stretch of the
/// border (Natural Earth `admin_0_countries`).
pub fn compile(files: &[SourceFile; 4], countries: Option<&SourceFile>) -> Result<Compiled, BoundaryError> {
    let levels: Vec<Vec<Feature>> = files
        .iter()
        .enumerate()
        .map(|(level, file)| rings::read(file, level))
        .collect::<Result<_, _>>()?;
    let finest = Mosaic::new(&files[3].name, &levels[3])?;
    finest.check_crossings()?;
    let notes = finest.compare_border(&levels[0])?;
    let own = levels[0].first().map_or("", |country| country.pcode.as_str());
    let countries = countries
        .map(|file| Countries::read(file, own))
        .transpose()?
        .unwrap_or_default();
    let beyond = finest.beyond(&countries);
    let (arcs, used) = finest.arcs(&beyond);
    let topology = Topology {
        units: units(files, &levels, &arcs, &used)?,
        neighbours: neighbours(&arcs, &used, &beyond),
        arcs,
    };
    let largest_area_difference = compare_areas(files, &levels, &topology)?;
    Ok(Compiled {
        topology,
        notes,
        largest_area_difference,
    })
}

/// The units of the finest level as a set of edges, each with the features on its sides.
struct Mosaic<'a> {
    file: &'a str,
    features: &'a [Feature],
    /// Edge (smaller end first) to the features that have it in a ring.
    owners: FxHashMap<Edge, Vec<usize>>,
}

type Edge = (Micro, Micro);

/// For each outer edge the country on its other side.
type Beyond<'c> = FxHashMap<Edge, Option<&'c str>>;

fn edge(a: Micro, b: Micro) -> Edge {
    (a.min(b), a.max(b))
}

impl<'a> Mosaic<'a> {
    fn new(file: &'a str, features: &'a [Feature]) -> Result<Self, BoundaryError> {
        let mut directed: FxHashMap<(Micro, Micro), usize> = FxHashMap::default();
        let mut owners: FxHashMap<Edge, Vec<usize>> = FxHashMap::default();
        for (index, feature) in features.iter().enumerate() {
            for pair in feature.polygons.iter().flatten().flat_map(|ring| ring.windows(2)) {
                let (a, b) = (pair[0], pair[1]);
                if let Some(other) = directed.insert((a, b), index) {
                    let what = if other == index {
                        format!("runs twice along the edge {} - {}", text(a), text(b))
                    } else {
                        format!(
                            "overlaps {} along the edge {} - {}",
                            features[other].pcode,
                            text(a),
                            text(b)
                        )
                    };
                    return Err(feature.error(file, what));
                }
                owners.entry(edge(a, b)).or_default().push(index);
            }
        }
        Ok(Self { file, features, owners })
    }

    /// Refuses edges that cross or touch anywhere but in shared corners.
    fn check_crossings(&self) -> Result<(), BoundaryError> {
        let mut edges: Vec<(&Edge, &Vec<usize>)> = self.owners.iter().collect();
        edges.sort_unstable();
        for (place, &(&(a, b), here)) in edges.iter().enumerate() {
            // Ends are sorted, so that the first end is the western one and later edges start further east.
            for &(&(c, d), there) in edges[place + 1..].iter().take_while(|((c, _), _)| c[0] <= b[0]) {
                if !dissolve::edges_meet(a, b, c, d) {
                    continue;
                }
                let what = match here.iter().find(|owner| there.contains(owner)) {
                    Some(_) => "intersects itself".to_owned(),
                    None => format!(
                        "has an edge that crosses or touches one of {} without sharing it",
                        self.features[there[0]].pcode
                    ),
                };
                let feature = here.iter().find(|owner| there.contains(owner)).unwrap_or(&here[0]);
                let what = format!("{what} where {} - {} meets {} - {}", text(a), text(b), text(c), text(d));
                return Err(self.features[*feature].error(self.file, what));
            }
        }
        Ok(())
    }

    /// Cuts the edges into arcs at nodes; returns the arcs and, for each feature, its polygons as arcs. The country
    /// beyond decides about nodes too, so that a stretch of border has one neighbour.
    fn arcs(&self, beyond: &Beyond<'_>) -> (Vec<Vec<Micro>>, Vec<Vec<Rings>>) {
        let mut degree: FxHashMap<Micro, u32> = FxHashMap::default();
        for &(a, b) in self.owners.keys() {
            *degree.entry(a).or_default() += 1;
            *degree.entry(b).or_default() += 1;
        }
        let mut beyond_point: FxHashMap<Micro, Option<&str>> = FxHashMap::default();
        for (&(a, b), country) in beyond {
            for end in [a, b] {
                if beyond_point
                    .insert(end, *country)
                    .is_some_and(|other| other != *country)
                {
                    degree.insert(end, 3);
                }
            }
        }
        let is_node = |point: &Micro| degree.get(point).is_some_and(|&degree| degree != 2);
        let mut arcs: Vec<Vec<Micro>> = Vec::new();
        let mut by_first_edge: FxHashMap<(Micro, Micro), ArcRef> = FxHashMap::default();
        let mut used = Vec::with_capacity(self.features.len());
        for feature in self.features {
            let polygon = |rings: &Vec<Vec<Micro>>| -> Rings {
                rings
                    .iter()
                    .map(|ring| {
                        cut(ring, is_node)
                            .into_iter()
                            .map(|piece| number(piece, &mut arcs, &mut by_first_edge))
                            .collect()
                    })
                    .collect()
            };
            used.push(feature.polygons.iter().map(polygon).collect());
        }
        (arcs, used)
    }

    /// The country beyond each outer edge.
    fn beyond<'c>(&self, countries: &'c Countries) -> Beyond<'c> {
        let outer = self.owners.iter().filter(|(_, owners)| owners.len() == 1);
        outer.map(|(&(a, b), _)| ((a, b), countries.beyond(a, b))).collect()
    }

    /// Holds the outer edges against the border of level 0: an edge that has a unit on one side only and
    /// does not lie on the border is a gap between units.
    fn compare_border(&self, countries: &[Feature]) -> Result<Vec<String>, BoundaryError> {
        let border: FxHashSet<Edge> = countries
            .iter()
            .flat_map(|country| country.polygons.iter().flatten())
            .flat_map(|ring| ring.windows(2).map(|pair| edge(pair[0], pair[1])))
            .collect();
        let mut outer: Vec<(&Edge, usize)> = self
            .owners
            .iter()
            .filter(|(_, owners)| owners.len() == 1)
            .map(|(edge, owners)| (edge, owners[0]))
            .collect();
        outer.sort_unstable();
        let mut notes = Vec::new();
        for (&(a, b), owner) in outer.into_iter().filter(|(edge, _)| !border.contains(*edge)) {
            let feature = &self.features[owner];
            // The middle counts too: an edge between two points of the border may cut across the land.
            let middle = [0, 1].map(|axis| a[axis].midpoint(b[axis]));
            let on_border = |point: Micro| border.iter().any(|&(c, d)| near(point, c, d));
            if ![a, middle, b].into_iter().all(on_border) {
                let what = format!(
                    "the edge {} - {} is shared with no other unit and is not on the border",
                    text(a),
                    text(b)
                );
                return Err(feature.error(self.file, what));
            }
            notes.push(format!(
                "{}: the edge {} - {} follows the border of level 0 with a corner of its own",
                feature.pcode,
                text(a),
                text(b)
            ));
        }
        Ok(notes)
    }
}

/// True if a point lies within the border tolerance of an edge.
fn near(point: Micro, a: Micro, b: Micro) -> bool {
    let [px, py, ax, ay, bx, by] = [point[0], point[1], a[0], a[1], b[0], b[1]].map(f64::from);
    let length = (bx - ax).hypot(by - ay).max(1.0);
    let along = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length;
    let aside = ((px - ax) * (by - ay) - (py - ay) * (bx - ax)) / length;
    aside.abs() <= BORDER_TOLERANCE && along >= -BORDER_TOLERANCE && along <= length + BORDER_TOLERANCE
}

/// Cuts a closed ring into pieces that run from node to node; a ring without a node stays one closed piece
/// that begins at its smallest corner, the same for both neighbours.
fn cut(ring: &[Micro], is_node: impl Fn(&Micro) -> bool) -> Vec<Vec<Micro>> {
    let open = &ring[..ring.len() - 1];
    let begin = open.iter().position(&is_node);
    let begin = begin
        .or_else(|| (0..open.len()).min_by_key(|&at| open[at]))
        .unwrap_or(0);
    let mut pieces = Vec::new();
    let mut piece = vec![open[begin]];
    for step in 1..=open.len() {
        let point = open[(begin + step) % open.len()];
        piece.push(point);
        if step == open.len() || is_node(&point) {
            pieces.push(std::mem::replace(&mut piece, vec![point]));
        }
    }
    pieces
}

/// The number of an arc, forwards or backwards; a new arc is stored in the direction in which it came first.
fn number(piece: Vec<Micro>, arcs: &mut Vec<Vec<Micro>>, known: &mut FxHashMap<(Micro, Micro), ArcRef>) -> ArcRef {
    let first = (piece[0], piece[1]);
    if let Some(&arc) = known.get(&first) {
        return arc;
    }
    let arc = ArcRef::forward(arcs.len());
    known.insert(first, arc);
    known.insert((piece[piece.len() - 1], piece[piece.len() - 2]), arc.reversed());
    arcs.push(piece);
    arc
}

/// The arcs that each country shares, in the order of its code, with the land on their left.
fn neighbours(arcs: &[Vec<Micro>], used: &[Vec<Rings>], beyond: &Beyond<'_>) -> Vec<Neighbour> {
    let mut shared: BTreeMap<&str, Vec<ArcRef>> = BTreeMap::new();
    for &arc in used.iter().flatten().flatten().flatten() {
        let points = &arcs[arc.index()];
        if let Some(Some(country)) = beyond.get(&edge(points[0], points[1])) {
            shared.entry(country).or_default().push(arc);
        }
    }
    let neighbour = |(code, arcs): (&str, Vec<ArcRef>)| Neighbour {
        code: code.to_owned(),
        arcs,
    };
    shared.into_iter().map(neighbour).collect()
}

/// Checks that each p-code occurs once and that parents exist.
fn check_references(files: &[SourceFile; 4], levels: &[Vec<Feature>]) -> Result<(), BoundaryError> {
    let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
    for (level, features) in levels.iter().enumerate() {
        let file = &files[level].name;
        for feature in features {
            if seen.insert(&feature.pcode, level).is_some() {
                return Err(feature.error(file, "the p-code stands twice".to_owned()));
            }
            let Some(parent) = feature.ancestors.last() else {
                continue;
            };
            if seen.get(parent.as_str()) != Some(&(level - 1)) {
                let what = format!("the parent {parent:?} is not in {}", files[level - 1].name);
                return Err(feature.error(file, what));
            }
        }
    }
    Ok(())
}

/// All units, the upper levels dissolved from the finest.
fn units(
    files: &[SourceFile; 4],
    levels: &[Vec<Feature>],
    arcs: &[Vec<Micro>],
    used: &[Vec<Rings>],
) -> Result<Vec<Unit>, BoundaryError> {
    check_references(files, levels)?;
    let mut units = Vec::new();
    for (level, features) in levels.iter().enumerate() {
        let (file, kind) = (&files[level].name, OBJECTS[level].1);
        let mut sorted: Vec<&Feature> = features.iter().collect();
        sorted.sort_by(|a, b| a.pcode.cmp(&b.pcode));
        for feature in sorted {
            let parts = levels[3]
                .iter()
                .zip(used)
                .filter(|(part, _)| part.is_within(level, &feature.pcode));
            let mut bounding: Vec<ArcRef> = Vec::new();
            for arc in parts.flat_map(|(_, polygons)| polygons.iter().flatten().flatten().copied()) {
                match bounding.iter().position(|&other| other == arc.reversed()) {
                    Some(inner) => {
                        bounding.swap_remove(inner);
                    }
                    None => bounding.push(arc),
                }
            }
            if bounding.is_empty() {
                return Err(feature.error(file, format!("no unit of {} is a part of it", files[3].name)));
            }
            bounding.sort_unstable();
            let polygons = dissolve::polygons(&bounding, arcs).map_err(|arc| {
                let at = arc.walk(arcs).last().unwrap_or_default();
                feature.error(file, format!("its outline does not close at {}", text(at)))
            })?;
            units.push(Unit {
                pcode: feature.pcode.clone(),
                parent: (level > 0).then(|| feature.ancestors[level - 1].clone()),
                level: kind,
                polygons,
            });
        }
    }
    Ok(units)
}

/// Compares geodesic areas of dissolved units with those of the source.
fn compare_areas(
    files: &[SourceFile; 4],
    levels: &[Vec<Feature>],
    topology: &Topology,
) -> Result<(f64, String), BoundaryError> {
    let dissolved: BTreeMap<&str, f64> = topology
        .units
        .iter()
        .map(|unit| {
            let rings = unit.polygons.iter().flatten();
            let area = rings.map(|ring| area(&dissolve::points(ring, &topology.arcs))).sum();
            (unit.pcode.as_str(), area)
        })
        .collect();
    let mut largest = (0.0, String::new());
    for (file, features) in files.iter().zip(levels) {
        for feature in features {
            let own: f64 = feature.polygons.iter().flatten().map(|ring| area(ring)).sum();
            let difference = (own - dissolved.get(feature.pcode.as_str()).copied().unwrap_or_default()).abs();
            if difference.is_nan() || difference > AREA_TOLERANCE_KM2 {
                let what = format!("its area of {own:.3} km² differs by {difference:.3} km² from the sum of its parts");
                return Err(feature.error(&file.name, what));
            }
            if difference > largest.0 {
                largest = (difference, feature.pcode.clone());
            }
        }
    }
    Ok(largest)
}

/// Signed geodesic area of a closed ring in km².
fn area(ring: &[Micro]) -> f64 {
    let open = &ring[..ring.len() - 1];
    geodesy::area_of_ring_m2(open.iter().map(|point| point.map(degrees))) / 1e6
}

fn text(point: Micro) -> String {
    format!("{},{}", degrees(point[0]), degrees(point[1]))
}
