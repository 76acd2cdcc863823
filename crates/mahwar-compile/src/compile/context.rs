//! Context around the land: neighbouring countries, the region's limit, rivers, lakes and cities from Natural Earth.
//!
//! The result is one GeoJSON collection with five decimals (about a metre) and the property `layer`.
//! Features of one id are merged: a river that the source names anew in each country is one river.

use crate::territory::{Topology, topology::degrees};
use geojson::{FeatureCollection, GeometryValue, JsonObject, Position};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// How far around the land a feature still counts as context, in degrees.
const MARGIN: f64 = 2.0;

/// What is wrong with the context that was given.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum ContextError {
    #[error("{file}: {what}")]
    File { file: String, what: String },
    #[error("{file}: feature {feature}: {what}")]
    Feature { file: String, feature: usize, what: String },
}

/// What a source file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Theme {
    Countries,
    RegionLine,
    Rivers,
    Lakes,
    Settlements,
}

impl Theme {
    /// The theme of a Natural Earth file, told by its name; `None` for files that are not used.
    pub fn of_file(name: &str) -> Option<Self> {
        let holds = |part: &str| name.contains(part);
        if holds("admin_0_countries") {
            Some(Self::Countries)
        } else if holds("boundary_lines_map_units") {
            Some(Self::RegionLine)
        } else if holds("rivers") {
            Some(Self::Rivers)
        } else if holds("lakes") {
            Some(Self::Lakes)
        } else if holds("populated_places") {
            Some(Self::Settlements)
        } else {
            None
        }
    }

    /// The layer that it becomes.
    pub fn layer(self) -> &'static str {
        match self {
            Self::Countries => "countries",
            Self::RegionLine => "region_line",
            Self::Rivers => "rivers",
            Self::Lakes => "lakes",
            Self::Settlements => "settlements_context",
        }
    }
}

/// A file of the source.
#[derive(Clone, Debug)]
pub struct ContextFile {
    /// What it holds.
    pub theme: Theme,
    /// Its name, for messages.
    pub name: String,
    /// GeoJSON.
    pub text: String,
}

/// A row of `tables/context_names.csv`: names, and the id under which features are merged.
#[derive(Debug, Deserialize)]
struct NameRow {
    layer: String,
    source_name: String,
    id: String,
    ar: String,
    ckb: String,
    en: String,
}

/// Builds `context.geojson` around the land.
///
/// `names` is the text of `tables/context_names.csv`; `source` is the attribution written into each feature.
pub fn compile(files: &[ContextFile], land: &Topology, names: &str, source: &str) -> Result<String, ContextError> {
    let names = read_names(names)?;
    let mut sorted: Vec<&ContextFile> = files.iter().collect();
    sorted.sort_by_key(|file| file.theme);
    let around = Around::of(land);
    let mut collected = Collected::default();
    for file in sorted {
        collected.add_file(file, &around, &names, source)?;
    }
    Ok(collected.write())
}

fn read_names(text: &str) -> Result<FxHashMap<(String, String), NameRow>, ContextError> {
    let mut names = FxHashMap::default();
    for (row, number) in csv::Reader::from_reader(text.as_bytes())
        .into_deserialize::<NameRow>()
        .zip(2..)
    {
        let row = row.map_err(|error| ContextError::File {
            file: "tables/context_names.csv".to_owned(),
            what: format!("row {number}: {error}"),
        })?;
        names.insert((row.layer.clone(), row.source_name.clone()), row);
    }
    Ok(names)
}

/// The land's own code and the box in which features are kept.
struct Around {
    country: String,
    bounds: [f64; 4],
}

impl Around {
    fn of(land: &Topology) -> Self {
        let points = || land.arcs.iter().flatten();
        let least = |axis: usize| degrees(points().map(|point| point[axis]).min().unwrap_or_default());
        let most = |axis: usize| degrees(points().map(|point| point[axis]).max().unwrap_or_default());
        Self {
            country: land.units.first().map(|unit| unit.pcode.clone()).unwrap_or_default(),
            bounds: [least(0) - MARGIN, least(1) - MARGIN, most(0) + MARGIN, most(1) + MARGIN],
        }
    }

    fn meets(&self, shape: &Shape) -> bool {
        let [west, south, east, north] = self.bounds;
        let points = || shape.parts.iter().flatten();
        let some = |test: &dyn Fn(&[f64; 2]) -> bool| points().any(test);
        some(&|at| at[0] >= west)
            && some(&|at| at[0] <= east)
            && some(&|at| at[1] >= south)
            && some(&|at| at[1] <= north)
    }
}

/// A geometry as its lists of positions, rings of all polygons one after the other.
struct Shape {
    parts: Vec<Vec<[f64; 2]>>,
    /// How many parts each polygon has; empty for points and lines.
    polygons: Vec<usize>,
}

#[derive(Default)]
struct Collected {
    features: Vec<(Theme, String, Map<String, Value>, Shape)>,
}

impl Collected {
    fn add_file(
        &mut self,
        file: &ContextFile,
        around: &Around,
        names: &FxHashMap<(String, String), NameRow>,
        source: &str,
    ) -> Result<(), ContextError> {
        let collection: FeatureCollection = file.text.parse().map_err(|error| ContextError::File {
            file: file.name.clone(),
            what: format!("not a GeoJSON feature collection: {error}"),
        })?;
        for (feature, row) in collection.features.into_iter().zip(1usize..) {
            let wrong = |what: String| ContextError::Feature {
                file: file.name.clone(),
                feature: row,
                what,
            };
            let properties = feature.properties.unwrap_or_default();
            let geometry = feature.geometry.ok_or_else(|| wrong("has no geometry".to_owned()))?;
            let shape = shape_of(file.theme, geometry.value).map_err(wrong)?;
            // The land itself is drawn from its own boundaries and its cities from the gazetteer.
            let own = text(&properties, &["ISO_A2", "iso_a2"]).is_some_and(|code| code == around.country);
            if own || !around.meets(&shape) {
                continue;
            }
            let named = text(&properties, &["NAME", "name"]).unwrap_or_default();
            let row = names.get(&(file.theme.layer().to_owned(), named.clone()));
            let id = id_of(file.theme, &properties, &named, row);
            let attributes = attributes(file.theme, &properties, &named, row, source);
            self.add(file.theme, id, attributes, shape);
        }
        Ok(())
    }

    fn add(&mut self, theme: Theme, id: String, attributes: Map<String, Value>, shape: Shape) {
        let known = self
            .features
            .iter_mut()
            .find(|(kind, other, _, _)| *kind == theme && *other == id);
        match known {
            Some((_, _, _, into)) => {
                into.parts.extend(shape.parts);
                into.polygons.extend(shape.polygons);
            }
            None => self.features.push((theme, id, attributes, shape)),
        }
    }

    fn write(mut self) -> String {
        self.features.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let lines = self.features.into_iter().map(|(theme, id, mut properties, shape)| {
            properties.shift_insert(0, "layer".to_owned(), json!(theme.layer()));
            properties.shift_insert(1, "id".to_owned(), json!(id));
            let geometry = geometry_of(theme, shape);
            json!({"type": "Feature", "id": id, "properties": properties, "geometry": geometry}).to_string()
        });
        let lines: Vec<String> = lines.collect();
        format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n",
            lines.join(",\n")
        )
    }
}

/// The first of the named properties that holds a text.
fn text(properties: &JsonObject, keys: &[&str]) -> Option<String> {
    let value = keys.iter().find_map(|key| properties.get(*key)?.as_str())?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

fn id_of(theme: Theme, properties: &JsonObject, named: &str, row: Option<&NameRow>) -> String {
    if let Some(row) = row.filter(|row| !row.id.is_empty()) {
        return row.id.clone();
    }
    let number = |key: &str| {
        properties
            .get(key)
            .and_then(Value::as_f64)
            .filter(|number| *number > 0.0)
    };
    match theme {
        Theme::Countries => text(properties, &["ISO_A2"]).unwrap_or_else(|| slug("country", named)),
        Theme::RegionLine => "region-line".to_owned(),
        Theme::Rivers => match (named, number("rivernum")) {
            ("", Some(number)) => format!("river-{number}"),
            _ => slug("river", named),
        },
        Theme::Lakes => slug("lake", named),
        Theme::Settlements => match number("GEONAMEID") {
            Some(number) => format!("gn-{number}"),
            None => slug("city", named),
        },
    }
}

fn slug(kind: &str, name: &str) -> String {
    let mut slug = kind.to_owned();
    for word in name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        slug.push('-');
        slug.push_str(&word.to_lowercase());
    }
    slug
}

fn attributes(
    theme: Theme,
    properties: &JsonObject,
    named: &str,
    row: Option<&NameRow>,
    source: &str,
) -> Map<String, Value> {
    let mut out = Map::new();
    let english = text(properties, &["NAME_EN", "name_en"]).unwrap_or_else(|| named.to_owned());
    let (ar, ckb, en) = row.map_or(("", "", ""), |row| (&row.ar, &row.ckb, &row.en));
    let en = if en.is_empty() { &english } else { en };
    for (key, name) in [("name:ar", ar), ("name:ckb", ckb), ("name:en", en)] {
        if !name.is_empty() {
            out.insert(key.to_owned(), json!(name));
        }
    }
    let number = |keys: &[&str]| keys.iter().find_map(|key| properties.get(*key)?.as_f64());
    match theme {
        Theme::Countries => {
            out.insert("foreign".to_owned(), json!(true));
        }
        Theme::Settlements => {
            let country = text(properties, &["ISO_A2"]);
            out.insert("country".to_owned(), json!(country));
            let population = number(&["POP_MAX"])
                .filter(|people| *people > 0.0)
                .map(|people| people as u64);
            out.insert("population".to_owned(), json!(population));
            out.insert("capital".to_owned(), json!(number(&["ADM0CAP"]) == Some(1.0)));
        }
        Theme::Lakes | Theme::Rivers => {
            out.insert(
                "kind".to_owned(),
                json!(text(properties, &["featurecla"]).map(|kind| kind.to_lowercase())),
            );
        }
        Theme::RegionLine => {}
    }
    if let Some(rank) = number(&["scalerank", "SCALERANK"]) {
        out.insert("rank".to_owned(), json!(rank as u64));
    }
    out.insert("source".to_owned(), json!(source));
    out
}

fn shape_of(theme: Theme, geometry: GeometryValue) -> Result<Shape, String> {
    let lines = |parts: Vec<Vec<Position>>| Shape {
        parts: parts.iter().map(|part| rounded(part)).collect(),
        polygons: Vec::new(),
    };
    let areas = |polygons: Vec<Vec<Vec<Position>>>| Shape {
        polygons: polygons.iter().map(Vec::len).collect(),
        parts: polygons.iter().flatten().map(|ring| rounded(ring)).collect(),
    };
    let shape = match (theme, geometry) {
        (Theme::Settlements, GeometryValue::Point { coordinates }) => lines(vec![vec![coordinates]]),
        (Theme::RegionLine | Theme::Rivers, GeometryValue::LineString { coordinates }) => lines(vec![coordinates]),
        (Theme::RegionLine | Theme::Rivers, GeometryValue::MultiLineString { coordinates }) => lines(coordinates),
        (Theme::Countries | Theme::Lakes, GeometryValue::Polygon { coordinates }) => areas(vec![coordinates]),
        (Theme::Countries | Theme::Lakes, GeometryValue::MultiPolygon { coordinates }) => areas(coordinates),
        (_, other) => {
            return Err(format!(
                "is a {}, which the layer {} does not take",
                other.type_name(),
                theme.layer()
            ));
        }
    };
    let finite =
        |at: &[f64; 2]| at.iter().all(|value| value.is_finite()) && at[0].abs() <= 180.0 && at[1].abs() <= 90.0;
    match shape.parts.iter().flatten().find(|at| !finite(at)) {
        Some(at) => Err(format!(
            "the coordinate {at:?} is not longitude and latitude in degrees"
        )),
        None => Ok(shape),
    }
}

/// Five decimals; equal points in a row become one.
fn rounded(part: &[Position]) -> Vec<[f64; 2]> {
    let mut out: Vec<[f64; 2]> = part
        .iter()
        .map(|at| [at[0], at[1]].map(|value| (value * 1e5).round() / 1e5))
        .collect();
    out.dedup();
    out
}

fn geometry_of(theme: Theme, shape: Shape) -> Value {
    match theme {
        Theme::Settlements => json!({"type": "Point", "coordinates": shape.parts[0][0]}),
        Theme::RegionLine | Theme::Rivers => json!({"type": "MultiLineString", "coordinates": shape.parts}),
        Theme::Countries | Theme::Lakes => {
            let mut parts = shape.parts.into_iter();
            let mut polygons: Vec<Vec<Vec<[f64; 2]>>> = Vec::new();
            for count in shape.polygons {
                let rings = parts.by_ref().take(count).enumerate();
                polygons.push(rings.map(|(place, ring)| wound(ring, place == 0)).collect());
            }
            json!({"type": "MultiPolygon", "coordinates": polygons})
        }
    }
}

/// Turns a ring the way RFC 7946 wants it: shells counter-clockwise, holes clockwise.
fn wound(mut ring: Vec<[f64; 2]>, is_shell: bool) -> Vec<[f64; 2]> {
    let twice: f64 = ring
        .windows(2)
        .map(|edge| edge[0][0] * edge[1][1] - edge[1][0] * edge[0][1])
        .sum();
    if (twice > 0.0) != is_shell {
        ring.reverse();
    }
    ring
}

/// Rivers of the World Data Bank II (LGPL-3.0-or-later) as a collection of their own, for those who ask for it.
///
/// The file's `name_assigned` gives the river; unnamed segments are left out. A river has the id that it has in
/// `context.geojson`, so that whoever reads both can tell which are new.
pub fn compile_wdbii(file: &ContextFile, names: &str, source: &str) -> Result<String, ContextError> {
    let names = read_names(names)?;
    let collection: FeatureCollection = file.text.parse().map_err(|error| ContextError::File {
        file: file.name.clone(),
        what: format!("not a GeoJSON feature collection: {error}"),
    })?;
    let mut collected = Collected::default();
    for (feature, row) in collection.features.into_iter().zip(1usize..) {
        let properties = feature.properties.unwrap_or_default();
        let (Some(named), Some(geometry)) = (text(&properties, &["name_assigned"]), feature.geometry) else {
            continue;
        };
        let shape = shape_of(Theme::Rivers, geometry.value).map_err(|what| ContextError::Feature {
            file: file.name.clone(),
            feature: row,
            what,
        })?;
        let row = names.get(&(Theme::Rivers.layer().to_owned(), named.clone()));
        let id = id_of(Theme::Rivers, &properties, &named, row);
        let attributes = attributes(Theme::Rivers, &properties, &named, row, source);
        collected.add(Theme::Rivers, id, attributes, shape);
    }
    Ok(collected.write())
}
