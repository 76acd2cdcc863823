//! Context around the land: neighbouring countries, the region's limit, rivers, lakes and cities from Natural Earth.
//!
//! The result is one GeoJSON collection with five decimals (about a metre) and the property `layer`.
//! Features of one id are merged: a river that the source names anew in each country is one river.

use super::{
    cut::{self, Country},
    region,
};
use crate::territory::{Topology, topology::degrees};
use geo::{Coord, LineString, MultiPolygon, Polygon};
use geojson::{FeatureCollection, GeometryValue, JsonObject, Position};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// How far around the land a feature still counts as context, in degrees.
const MARGIN: f64 = 2.0;

/// Errors in the files of the context.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum ContextError {
    #[error("{file}: {what}")]
    File { file: String, what: String },
    #[error("{file}: feature {feature}: {what}")]
    Feature { file: String, feature: usize, what: String },
}

/// Contents of a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Theme {
    Countries,
    RegionLine,
    Rivers,
    Lakes,
    Settlements,
    UrbanAreas,
    Airports,
    Peaks,
    /// Between countries; made of their areas, not read.
    Borders,
    /// Computed as the area that no country covers.
    Seas,
}

impl Theme {
    /// The theme of a Natural Earth file, recognised by its name; `None` for files that are not used.
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
        } else if holds("urban_areas") {
            Some(Self::UrbanAreas)
        } else if holds("airports") {
            Some(Self::Airports)
        } else if holds("elevation_points") {
            Some(Self::Peaks)
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
            Self::UrbanAreas => "urban_areas",
            Self::Airports => "airports",
            Self::Peaks => "peaks",
            Self::Borders => "borders",
            Self::Seas => "seas",
        }
    }
}

/// A file of the source.
#[derive(Clone, Debug)]
pub struct ContextFile {
    /// Contents of the file.
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

/// Facts written by hand.
#[derive(Clone, Copy, Debug, Default)]
pub struct ByHand<'h> {
    /// The text of `tables/context_names.csv`.
    pub names: &'h str,
    /// The text of `tables/seas.csv`, which has a point in each sea.
    pub seas: &'h str,
    /// P-codes of the units that the land's region is made of; empty for a land without a region.
    pub region: &'h [String],
}

/// Builds `context.geojson` around the land; `source` is the attribution written into each feature.
///
/// # Errors
/// A file that is no GeoJSON, a geometry that its layer does not take, a row of a table that cannot be read.
pub fn compile(files: &[ContextFile], land: &Topology, hand: ByHand<'_>, source: &str) -> Result<String, ContextError> {
    let names = read_names(hand.names)?;
    let mut sorted: Vec<&ContextFile> = files.iter().collect();
    sorted.sort_by_key(|file| file.theme);
    let around = Around::of(land);
    let mut collected = Collected::default();
    for file in sorted {
        collected.add_file(file, &around, &names, source)?;
    }
    collected.cut_countries(land, &around, hand.seas, source)?;
    collected.follow_borders(land, hand.region)?;
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

/// The land's own code and the box within which features are used.
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

    /// The land's box with a margin.
    fn within(&self, margin: f64) -> [f64; 4] {
        let [west, south, east, north] = self.bounds;
        let less = MARGIN - margin;
        [west + less, south + less, east - less, north - less]
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

/// A row of `tables/seas.csv`: a point in a sea, and its names.
#[derive(Debug, Deserialize)]
struct SeaRow {
    id: String,
    lon: f64,
    lat: f64,
    ar: String,
    ckb: String,
    en: String,
}

/// How far around the land the name of a neighbour is placed, in degrees.
const LABEL_MARGIN: f64 = 1.0;

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// A shape of polygons as an area.
fn area_of(shape: &Shape) -> MultiPolygon<f64> {
    let mut rings = shape.parts.iter().map(|part| {
        part.iter()
            .map(|at| Coord { x: at[0], y: at[1] })
            .collect::<LineString<f64>>()
    });
    let polygons = shape.polygons.iter().filter_map(|count| {
        let mut own = rings.by_ref().take(*count);
        let shell = own.next()?;
        Some(Polygon::new(shell, own.collect()))
    });
    polygons.collect()
}

fn shape_of_area(area: &MultiPolygon<f64>) -> Shape {
    let ring = |ring: &LineString<f64>| ring.coords().map(|at| [at.x, at.y]).collect::<Vec<[f64; 2]>>();
    let rings = |polygon: &Polygon<f64>| {
        std::iter::once(polygon.exterior())
            .chain(polygon.interiors())
            .map(ring)
            .collect::<Vec<_>>()
    };
    Shape {
        polygons: area.iter().map(|polygon| 1 + polygon.interiors().len()).collect(),
        parts: area.iter().flat_map(rings).collect(),
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
    /// The land itself as the file of countries has it.
    outline: Option<MultiPolygon<f64>>,
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
            if own && file.theme == Theme::Countries {
                self.outline = Some(area_of(&shape));
            }
            if own || !around.meets(&shape) {
                continue;
            }
            let named = text(&properties, &["NAME", "name"]).unwrap_or_default();
            let row = names.get(&(file.theme.layer().to_owned(), named.clone()));
            let id = id_of(file.theme, &properties, &named, row, &shape);
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

    /// Cuts the countries to the land's border; adds the borders between them, and the seas.
    fn cut_countries(
        &mut self,
        land: &Topology,
        around: &Around,
        seas: &str,
        source: &str,
    ) -> Result<(), ContextError> {
        let own = cut::land_area(land);
        let mut countries: Vec<Country> = Vec::new();
        for (theme, id, _, shape) in &self.features {
            if *theme == Theme::Countries {
                countries.push(Country {
                    id: id.clone(),
                    area: area_of(shape),
                });
            }
        }
        cut::cut(land, &own, self.outline.as_ref(), &mut countries);
        let near = around.within(LABEL_MARGIN);
        let areas = self
            .features
            .iter_mut()
            .filter(|(theme, ..)| *theme == Theme::Countries);
        for ((_, _, properties, shape), country) in areas.zip(&countries) {
            *shape = shape_of_area(&country.area);
            if let Some(label) = cut::label_in(&country.area, near) {
                properties.insert("label".to_owned(), json!(label));
            }
        }
        for ((a, b), lines) in cut::borders(&countries) {
            let lines = lines
                .into_iter()
                .map(|line| line.into_iter().map(|at| [at.x, at.y]).collect());
            let shape = Shape {
                parts: lines.collect(),
                polygons: Vec::new(),
            };
            let properties = json!({"kind": "international", "source": source});
            self.add(Theme::Borders, format!("border-{a}-{b}"), object(properties), shape);
        }
        for (row, number) in csv::Reader::from_reader(seas.as_bytes())
            .into_deserialize::<SeaRow>()
            .zip(2..)
        {
            let wrong = |what: String| ContextError::File {
                file: "tables/seas.csv".to_owned(),
                what: format!("row {number}: {what}"),
            };
            let row = row.map_err(|error| wrong(error.to_string()))?;
            let area = cut::sea([row.lon, row.lat], around.bounds, &own, &countries)
                .ok_or_else(|| wrong(format!("{}, {} is on land or too far from it", row.lon, row.lat)))?;
            let mut properties = object(json!({"source": source}));
            for (key, name) in [("name:ar", row.ar), ("name:ckb", row.ckb), ("name:en", row.en)] {
                if !name.is_empty() {
                    properties.insert(key.to_owned(), json!(name));
                }
            }
            self.add(Theme::Seas, row.id, properties, shape_of_area(&area));
        }
        Ok(())
    }

    /// Lays the limit of the region on the borders of governorates where it follows them.
    fn follow_borders(&mut self, land: &Topology, members: &[String]) -> Result<(), ContextError> {
        let lines = self
            .features
            .iter_mut()
            .filter(|(theme, ..)| *theme == Theme::RegionLine);
        for (_, _, properties, shape) in lines.filter(|_| !members.is_empty()) {
            let (mut follows, mut departs) = (0.0, 0.0);
            for part in &mut shape.parts {
                let followed = region::follow(land, members, part).map_err(|error| ContextError::File {
                    file: "boundaries.topojson".to_owned(),
                    what: error.to_string(),
                })?;
                follows += followed.follows_km;
                departs += followed.departs_km;
                *part = followed.line;
            }
            let rounded = |km: f64| (km * 10.0).round() / 10.0;
            properties.insert("follows_km".to_owned(), json!(rounded(follows)));
            properties.insert("departs_km".to_owned(), json!(rounded(departs)));
        }
        Ok(())
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

/// The first of the named properties whose value is a text.
fn text(properties: &JsonObject, keys: &[&str]) -> Option<String> {
    let value = keys.iter().find_map(|key| properties.get(*key)?.as_str())?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

fn id_of(theme: Theme, properties: &JsonObject, named: &str, row: Option<&NameRow>, shape: &Shape) -> String {
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
        Theme::UrbanAreas => beside("urban", shape),
        Theme::Airports => match text(properties, &["iata_code"]) {
            Some(code) => slug("airport", &code),
            None => beside("airport", shape),
        },
        Theme::Peaks => match named {
            "" => beside("peak", shape),
            name => slug("peak", name),
        },
        Theme::Borders | Theme::Seas => slug(theme.layer(), named),
    }
}

/// An id for a feature without a name: by its first point.
fn beside(kind: &str, shape: &Shape) -> String {
    let [lon, lat] = shape
        .parts
        .first()
        .and_then(|part| part.first())
        .copied()
        .unwrap_or_default();
    format!("{kind}-{lon:.3}-{lat:.3}")
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
        Theme::Peaks => {
            out.insert("elevation".to_owned(), json!(number(&["elevation"])));
        }
        Theme::Airports => {
            out.insert("kind".to_owned(), json!(text(properties, &["type"])));
        }
        Theme::RegionLine | Theme::UrbanAreas | Theme::Borders | Theme::Seas => {}
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
        (Theme::Settlements | Theme::Airports | Theme::Peaks, GeometryValue::Point { coordinates }) => {
            lines(vec![vec![coordinates]])
        }
        (Theme::RegionLine | Theme::Rivers, GeometryValue::LineString { coordinates }) => lines(vec![coordinates]),
        (Theme::RegionLine | Theme::Rivers, GeometryValue::MultiLineString { coordinates }) => lines(coordinates),
        (Theme::Countries | Theme::Lakes | Theme::UrbanAreas, GeometryValue::Polygon { coordinates }) => {
            areas(vec![coordinates])
        }
        (Theme::Countries | Theme::Lakes | Theme::UrbanAreas, GeometryValue::MultiPolygon { coordinates }) => {
            areas(coordinates)
        }
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
        Theme::Settlements | Theme::Airports | Theme::Peaks => {
            json!({"type": "Point", "coordinates": shape.parts[0][0]})
        }
        Theme::RegionLine | Theme::Rivers | Theme::Borders => {
            json!({"type": "MultiLineString", "coordinates": shape.parts})
        }
        Theme::Countries | Theme::Lakes | Theme::UrbanAreas | Theme::Seas => {
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

/// Turns a ring as RFC 7946 requires: shells counter-clockwise, holes clockwise.
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

/// Rivers of the World Data Bank II (LGPL-3.0-or-later) as a separate collection, built on request.
///
/// The file's `name_assigned` has the name of the river; unnamed segments are left out. A river has the same id as in
/// `context.geojson`, so that a reader of both can see which are new.
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
        let id = id_of(Theme::Rivers, &properties, &named, row, &shape);
        let attributes = attributes(Theme::Rivers, &properties, &named, row, source);
        collected.add(Theme::Rivers, id, attributes, shape);
    }
    Ok(collected.write())
}
