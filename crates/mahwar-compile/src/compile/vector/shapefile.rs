//! Shapefiles of polygons: `.shp` with its `.shx` and `.dbf`, text in UTF-8, coordinates in degrees.

use super::{collection, feature, polygons};
use crate::compile::CompileError;
use geo::{Coord, MultiPolygon};
use serde_json::{Map, Value};
use shapefile::{
    PolygonRing, Shape, ShapeReader,
    dbase::{self, FieldValue, encoding::Unicode},
    record::traits::HasXY,
};
use std::{fs, path::Path};

/// Reads the shapefile as GeoJSON.
///
/// # Errors
/// A part that is missing or broken, an encoding other than UTF-8, a shape that is no polygon, with the row.
pub fn read(path: &Path) -> Result<String, CompileError> {
    check_encoding(path)?;
    let table = path.with_extension("dbf");
    let broken = |file: &Path, what: String| CompileError::file(file, format!("cannot be read: {what}"));
    let shapes = ShapeReader::from_path(path).map_err(|error| broken(path, error.to_string()))?;
    let shapes = shapes.read().map_err(|error| broken(path, error.to_string()))?;
    let records = dbase::ReaderBuilder::new().with_encoding(Unicode).open(&table);
    let records = records.and_then(|mut reader| reader.read());
    let records = records.map_err(|error| broken(&table, error.to_string()))?;
    if shapes.len() != records.len() {
        let what = format!("has {} rows for {} shapes", records.len(), shapes.len());
        return Err(CompileError::file(&table, what));
    }
    let mut features = Vec::with_capacity(shapes.len());
    for ((shape, record), row) in shapes.into_iter().zip(records).zip(1..) {
        let geometry = geometry(shape).map_err(|what| CompileError::row(path, row, what))?;
        features.push(feature(properties(record), geometry));
    }
    Ok(collection(features))
}

/// A `.cpg` file names the encoding; without one UTF-8 is assumed, and any other encoding fails on reading.
fn check_encoding(path: &Path) -> Result<(), CompileError> {
    let file = path.with_extension("cpg");
    let Ok(name) = fs::read_to_string(&file) else {
        return Ok(());
    };
    match name.trim().to_ascii_lowercase().as_str() {
        "" | "utf-8" | "utf8" | "65001" => Ok(()),
        _ => Err(CompileError::file(
            &file,
            format!("the encoding {:?} is not read; accepted: UTF-8", name.trim()),
        )),
    }
}

fn properties(record: dbase::Record) -> Map<String, Value> {
    let value = |value: FieldValue| match value {
        FieldValue::Character(text) => text.map(Value::from),
        FieldValue::Numeric(number) => number.map(Value::from),
        FieldValue::Float(number) => number.map(Value::from),
        FieldValue::Integer(number) => Some(Value::from(number)),
        FieldValue::Double(number) => Some(Value::from(number)),
        FieldValue::Logical(truth) => truth.map(Value::from),
        _ => None,
    };
    let columns = record
        .into_iter()
        .map(|(name, field)| (name, value(field).unwrap_or(Value::Null)));
    let mut columns: Vec<(String, Value)> = columns.collect();
    columns.sort_by(|a, b| a.0.cmp(&b.0));
    columns.into_iter().collect()
}

fn geometry(shape: Shape) -> Result<Option<MultiPolygon<f64>>, String> {
    match shape {
        Shape::NullShape => Ok(None),
        Shape::Polygon(polygon) => Ok(Some(rings(polygon.rings()))),
        Shape::PolygonM(polygon) => Ok(Some(rings(polygon.rings()))),
        Shape::PolygonZ(polygon) => Ok(Some(rings(polygon.rings()))),
        other => Err(format!("a shape is {}, not a polygon", other.shapetype())),
    }
}

fn rings<P: HasXY>(rings: &[PolygonRing<P>]) -> MultiPolygon<f64> {
    let corners = |ring: &PolygonRing<P>| -> Vec<Coord<f64>> {
        ring.points()
            .iter()
            .map(|point| Coord {
                x: point.x(),
                y: point.y(),
            })
            .collect()
    };
    let (shells, holes): (Vec<_>, Vec<_>) = rings.iter().partition(|ring| matches!(ring, PolygonRing::Outer(_)));
    polygons(
        shells.into_iter().map(corners).collect(),
        holes.into_iter().map(corners).collect(),
    )
}
