//! FlatGeobuf.

use super::{CUT_OFF, broken, buffered};
use crate::layers::GeometryKind;
use crate::sources::{
    crs,
    error::SourceError,
    rows::{Declared, RawRow, Rows},
    spec::LayerSpec,
};
use flatgeobuf::{FallibleStreamingIterator, FgbFeature, FgbReader, GeometryType};
use geozero::{ColumnValue, FeatureProperties, PropertyProcessor, ToGeo};
use serde_json::{Number, Value};
use std::path::Path;

/// Reads all features.
pub fn read(spec: &LayerSpec, path: &Path) -> Result<Rows, SourceError> {
    let wrong = |error: &dyn std::fmt::Display| {
        broken(spec, format!("it is no FlatGeobuf that can be read: {error}")).remedy(CUT_OFF)
    };
    let reader = FgbReader::open(buffered(spec, path)?).map_err(|error| wrong(&error))?;
    let mut rows = Rows::default();
    let header = reader.header();
    rows.declared = header
        .crs()
        .map_or(Declared::Silent, |system| match (system.code(), system.wkt()) {
            (0, Some(wkt)) => crs::by_wkt(wkt),
            (0, None) => Declared::Silent,
            (code, _) => crs::by_code(
                system.org().unwrap_or("EPSG"),
                code.into(),
                system.name().unwrap_or_default(),
            ),
        });
    rows.kind = match header.geometry_type() {
        GeometryType::Point => Some(GeometryKind::Point),
        GeometryType::MultiPoint => Some(GeometryKind::MultiPoint),
        GeometryType::LineString => Some(GeometryKind::LineString),
        GeometryType::MultiLineString => Some(GeometryKind::MultiLineString),
        GeometryType::Polygon => Some(GeometryKind::Polygon),
        GeometryType::MultiPolygon => Some(GeometryKind::MultiPolygon),
        _ => None,
    };
    rows.has_heights = header.has_z();
    if let Some(columns) = header.columns() {
        for column in columns {
            rows.column(column.name());
        }
    }
    let expected = header.features_count();
    let mut features = reader.select_all().map_err(|error| wrong(&error))?;
    let mut number = 0_u64;
    loop {
        number += 1;
        let feature = match features.next() {
            Ok(Some(feature)) => feature,
            Ok(None) => break,
            Err(error) => return Err(wrong(&error).row(number).passing()),
        };
        add(spec, feature, number, &mut rows)?;
    }
    if expected > 0 && number - 1 < expected {
        return Err(broken(
            spec,
            format!("it says that it has {expected} features, and ends after {}", number - 1),
        )
        .remedy(CUT_OFF)
        .passing());
    }
    Ok(rows)
}

fn add(spec: &LayerSpec, feature: &FgbFeature, number: u64, rows: &mut Rows) -> Result<(), SourceError> {
    let geometry = match feature.fbs_feature().geometry() {
        None => None,
        Some(_) => match feature.to_geo() {
            Ok(geometry) => Some(geometry),
            Err(error) => {
                rows.notices.row(
                    number,
                    format!("its geometry cannot be read: {error}; the row is left out"),
                );
                return Ok(());
            }
        },
    };
    let mut pairs = Pairs(Vec::new());
    if let Err(error) = feature.process_properties(&mut pairs) {
        rows.notices.row(
            number,
            format!("its values cannot be read: {error}; the row is left out"),
        );
        return Ok(());
    }
    let values = rows.values(pairs.0);
    let row = RawRow {
        number,
        id: None,
        geometry,
        values,
    };
    rows.push(&spec.shown_source(), row)
}

struct Pairs(Vec<(String, Value)>);

impl PropertyProcessor for Pairs {
    fn property(&mut self, _: usize, name: &str, value: &ColumnValue<'_>) -> geozero::error::Result<bool> {
        let float = |number: f64| Number::from_f64(number).map_or(Value::Null, Value::Number);
        let value = match value {
            ColumnValue::Byte(number) => Value::from(*number),
            ColumnValue::UByte(number) => Value::from(*number),
            ColumnValue::Bool(truth) => Value::from(*truth),
            ColumnValue::Short(number) => Value::from(*number),
            ColumnValue::UShort(number) => Value::from(*number),
            ColumnValue::Int(number) => Value::from(*number),
            ColumnValue::UInt(number) => Value::from(*number),
            ColumnValue::Long(number) => Value::from(*number),
            ColumnValue::ULong(number) => Value::from(*number),
            ColumnValue::Float(number) => float(f64::from(*number)),
            ColumnValue::Double(number) => float(*number),
            ColumnValue::String(text) | ColumnValue::DateTime(text) => Value::from(*text),
            ColumnValue::Json(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::from(*text)),
            ColumnValue::Binary(_) => Value::Null,
        };
        self.0.push((name.to_owned(), value));
        Ok(false)
    }
}
