//! GeoJSON, read feature by feature so that a long file is never in memory as text: a collection, one feature, one geometry,
//! or one feature a line.

use super::{CUT_OFF, broken, buffered};
use crate::sources::{
    crs,
    error::SourceError,
    rows::{Declared, RawRow, Rows},
    spec::LayerSpec,
};
use geo::Geometry;
use serde::{
    Deserialize,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};
use std::{fmt, io::BufRead, path::Path};

/// The longest line of a file with one feature a line, in bytes.
const MAX_LINE: usize = 64 << 20;

/// Reads a collection, a feature or a geometry.
pub fn read(spec: &LayerSpec, path: &Path) -> Result<Rows, SourceError> {
    let mut rows = Rows::default();
    let mut refusal = None;
    let mut file = buffered(spec, path)?;
    skip_mark(&mut file, spec)?;
    let mut deserializer = serde_json::Deserializer::from_reader(file);
    let document = Document {
        spec,
        rows: &mut rows,
        refusal: &mut refusal,
    };
    let read = document.deserialize(&mut deserializer).and_then(|kind| {
        // Nothing follows but blanks.
        deserializer.end()?;
        Ok(kind)
    });
    if let Some(refusal) = refusal {
        return Err(refusal);
    }
    match read {
        Err(error) => Err(unreadable(spec, &rows, &error)),
        Ok(Some("FeatureCollection" | "Feature" | "geometry")) => all_left_out(spec, rows),
        Ok(Some(other)) => Err(
            broken(spec, format!("it is a {other}, not a GeoJSON FeatureCollection"))
                .remedy("TopoJSON and other JSON is converted with mapshaper or ogr2ogr"),
        ),
        Ok(None) => {
            Err(broken(spec, "it has no \"type\": it is no GeoJSON").remedy("write a GeoJSON FeatureCollection"))
        }
    }
}

/// Refuses a file of which no feature could be used, with the first reason.
fn all_left_out(spec: &LayerSpec, rows: Rows) -> Result<Rows, SourceError> {
    match rows.notices.list.first() {
        Some(first) if rows.rows.is_empty() => {
            let mut fault = broken(spec, &first.text);
            fault.row = first.row;
            Err(fault)
        }
        _ => Ok(rows),
    }
}

fn unreadable(spec: &LayerSpec, rows: &Rows, error: &serde_json::Error) -> SourceError {
    let row = rows.rows.len() as u64 + rows.notices.count as u64 + 1;
    if error.is_eof() {
        let what = format!("the file ends in line {} in the middle of a feature", error.line());
        return broken(spec, what).row(row).remedy(CUT_OFF).passing();
    }
    let what = match error.classify() {
        serde_json::error::Category::Io => format!("cannot be read: {error}"),
        _ => format!("it is no GeoJSON: {error}"),
    };
    broken(spec, what).row(row)
}

/// Passes over a byte order mark.
fn skip_mark(file: &mut impl BufRead, spec: &LayerSpec) -> Result<(), SourceError> {
    let start = file.fill_buf().map_err(|error| super::failed(spec, &error))?;
    if start.starts_with(b"\xEF\xBB\xBF") {
        file.consume(3);
    }
    Ok(())
}

/// Reads one feature a line (newline-delimited GeoJSON, GeoJSON text sequences).
pub fn read_lines(spec: &LayerSpec, path: &Path) -> Result<Rows, SourceError> {
    let mut rows = Rows::default();
    let mut file = buffered(spec, path)?;
    skip_mark(&mut file, spec)?;
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let read = std::io::Read::take(&mut file, MAX_LINE as u64 + 1).read_until(b'\n', &mut line);
        if read.map_err(|error| super::failed(spec, &error))? == 0 {
            break;
        }
        let is_ended = line.ends_with(b"\n");
        if line.len() > MAX_LINE && !is_ended {
            return Err(broken(spec, format!("a line has more than {MAX_LINE} bytes")).row(number));
        }
        let text = line.strip_prefix(b"\x1e").unwrap_or(&line).trim_ascii();
        if text.is_empty() {
            continue;
        }
        match serde_json::from_slice::<RawFeature>(text) {
            Ok(feature) => feature.add(spec, &mut rows, number)?,
            Err(_) if !is_ended => {
                return Err(broken(spec, "the last line is no whole feature")
                    .row(number)
                    .remedy(CUT_OFF)
                    .passing());
            }
            Err(error) => return Err(broken(spec, format!("the line is no GeoJSON feature: {error}")).row(number)),
        }
    }
    all_left_out(spec, rows)
}

/// A feature, or a geometry in the place of one.
#[derive(Deserialize)]
struct RawFeature {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    geometry: Value,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
    #[serde(default)]
    id: Value,
    #[serde(default)]
    coordinates: Value,
    #[serde(default)]
    geometries: Value,
}

impl RawFeature {
    fn add(mut self, spec: &LayerSpec, rows: &mut Rows, number: u64) -> Result<(), SourceError> {
        match self.kind.as_deref() {
            Some("Feature") => {}
            Some(
                kind @ ("Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon"
                | "GeometryCollection"),
            ) => {
                let (coordinates, geometries) = (self.coordinates.take(), self.geometries.take());
                let mut geometry = Map::new();
                geometry.insert("type".to_owned(), kind.into());
                match kind {
                    "GeometryCollection" => geometry.insert("geometries".to_owned(), geometries),
                    _ => geometry.insert("coordinates".to_owned(), coordinates),
                };
                self.geometry = Value::Object(geometry);
            }
            other => {
                let what = match other {
                    Some(kind) => format!("it is a {kind:?}, not a \"Feature\"; the row is left out"),
                    None => "it has no \"type\": \"Feature\"; the row is left out".to_owned(),
                };
                rows.notices.row(number, what);
                return Ok(());
            }
        }
        let geometry = match self.geometry {
            Value::Null => None,
            value => match geometry_of(value) {
                Ok((geometry, has_heights)) => {
                    rows.has_heights |= has_heights;
                    Some(geometry)
                }
                Err(what) => {
                    rows.notices.row(number, format!("{what}; the row is left out"));
                    return Ok(());
                }
            },
        };
        let id = match self.id {
            Value::String(text) if !text.is_empty() => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let values = rows.values(self.properties.unwrap_or_default());
        let row = RawRow {
            number,
            id,
            geometry,
            values,
        };
        rows.push(&spec.shown_source(), row)
    }
}

/// A geometry, and whether its first corner has a height.
fn geometry_of(value: Value) -> Result<(Geometry<f64>, bool), String> {
    let mut corner = value.get("coordinates");
    while let Some(Value::Array(first)) = corner.and_then(|list| list.get(0)) {
        corner = corner.and_then(|list| list.get(0)).filter(|_| !first.is_empty());
    }
    let has_heights = corner.and_then(Value::as_array).is_some_and(|corner| corner.len() > 2);
    let parsed =
        serde_json::from_value::<geojson::Geometry>(value).map_err(|error| format!("its geometry is none: {error}"))?;
    let geometry = Geometry::try_from(&parsed).map_err(|error| format!("its geometry is none: {error}"))?;
    Ok((geometry, has_heights))
}

/// The top of a file.
struct Document<'r> {
    spec: &'r LayerSpec,
    rows: &'r mut Rows,
    /// A fault that is not one of the JSON text.
    refusal: &'r mut Option<SourceError>,
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    /// The kind of the document.
    type Value = Option<&'static str>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut kind = None;
        let mut has_features = false;
        // Members of one feature or geometry.
        let mut alone = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => {
                    let text: Value = map.next_value()?;
                    kind = text.as_str().map(str::to_owned);
                    alone.insert(key, text);
                }
                "features" => {
                    has_features = true;
                    map.next_value_seed(Features {
                        spec: self.spec,
                        rows: &mut *self.rows,
                        refusal: &mut *self.refusal,
                    })?;
                }
                "crs" => self.rows.declared = named_system(&map.next_value::<Value>()?),
                "geometry" | "properties" | "id" | "coordinates" | "geometries" => {
                    alone.insert(key, map.next_value()?);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(match kind.as_deref() {
            Some("FeatureCollection") if has_features => Some("FeatureCollection"),
            Some("FeatureCollection") => return Err(A::Error::custom("the collection has no \"features\"")),
            Some("Topology") => Some("Topology"),
            Some(_) => {
                let feature = RawFeature::deserialize(Value::Object(alone)).map_err(A::Error::custom)?;
                if let Err(fault) = feature.add(self.spec, self.rows, 1) {
                    *self.refusal = Some(fault);
                }
                Some("Feature")
            }
            None => None,
        })
    }
}

/// The system of the member `crs` of GeoJSON before RFC 7946, which GDAL and QGIS still write and read.
fn named_system(value: &Value) -> Declared {
    match value["properties"]["name"].as_str() {
        Some(name) => crs::by_name(name).map_or_else(|_| Declared::Unknown(name.to_owned()), Declared::Known),
        None => Declared::Silent,
    }
}

struct Features<'r> {
    spec: &'r LayerSpec,
    rows: &'r mut Rows,
    refusal: &'r mut Option<SourceError>,
}

impl<'de> DeserializeSeed<'de> for Features<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(feature) = list.next_element::<RawFeature>()? {
            number += 1;
            if let Err(fault) = feature.add(self.spec, self.rows, number) {
                *self.refusal = Some(fault);
                return Err(A::Error::custom("refused"));
            }
        }
        Ok(())
    }
}
