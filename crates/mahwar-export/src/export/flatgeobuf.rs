//! FlatGeobuf 3 with its packed Hilbert R-tree.

use super::{ExportError, Selection, plain};
use crate::layers::{FieldType, GeometryKind};
use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geo::Geometry;
use geozero::{ColumnValue, PropertyProcessor};
use std::{fmt::Write as _, io::Write};

pub(super) fn write(selection: &Selection, out: &mut dyn Write) -> Result<(), ExportError> {
    let fault = |error: &dyn std::fmt::Display| ExportError::FlatGeobuf(error.to_string());
    let layer = selection.layer();
    let kind = dataset_type(selection).ok_or_else(|| ExportError::NoGeometry(layer.id.clone(), "FlatGeobuf"))?;
    let mut about = selection.about();
    let left_out = selection.without_geometry();
    if left_out > 0 {
        let _ = write!(
            about,
            " Features without a geometry, which an indexed FlatGeobuf does not have: {left_out}."
        );
    }
    let kinds = selection.kinds();
    let metadata = serde_json::Value::Object(selection.members()).to_string();
    let options = FgbWriterOptions {
        crs: FgbCrs {
            org: Some("EPSG"),
            code: 4326,
            ..FgbCrs::default()
        },
        title: Some(selection.title()),
        description: Some(&about),
        metadata: Some(&metadata),
        promote_to_multi: false,
        detect_type: false,
        // Nothing to index: readers take a declared index for granted, and its length of nothing is no length.
        write_index: selection.refs().any(|feature| selection.geometry(feature).is_some()),
        ..FgbWriterOptions::default()
    };
    let mut writer = FgbWriter::create_with_options(&layer.id, kind, options).map_err(|error| fault(&error))?;
    let own = selection.free_name("id");
    writer.add_column(&own, ColumnType::String, |_, _| {});
    for (field, kind) in selection.fields().zip(&kinds) {
        writer.add_column(&field.name, column_type(*kind), |_, _| {});
    }
    for feature in selection.refs() {
        selection.halt.check()?;
        // The format has no features without geometry when it is indexed.
        let Some(geometry) = selection.geometry(feature) else {
            continue;
        };
        let id = (own.as_str(), FieldType::String, feature.id().into());
        let rest = selection
            .values(feature)
            .zip(&kinds)
            .map(|((field, value), kind)| (field.name.as_str(), *kind, value));
        let values: Vec<(&str, FieldType, serde_json::Value)> = std::iter::once(id).chain(rest).collect();
        writer
            .add_feature_geom(single(geometry.into_owned()), |properties| {
                for (index, (name, kind, value)) in values.iter().enumerate() {
                    // A property that the writer refuses is left out rather than the whole file.
                    let _ = set(properties, index, name, *kind, value);
                }
            })
            .map_err(|error| fault(&error))?;
    }
    writer.write(out).map_err(|error| fault(&error))
}

/// A line of one part as a plain line: of a many-part line with one part the writer leaves out where the part ends, and
/// GDAL before 3.7 cannot read it without.
fn single(geometry: Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::MultiLineString(mut many) if many.0.len() == 1 => Geometry::LineString(many.0.remove(0)),
        other => other,
    }
}

/// Type of all geometries; unknown if lines of one part and of several are mixed.
fn dataset_type(selection: &Selection) -> Option<GeometryType> {
    let kind = geometry_type(selection.layer().geometry)?;
    if kind != GeometryType::MultiLineString {
        return Some(kind);
    }
    let geometries = selection.refs().filter_map(|feature| selection.geometry(feature));
    let [mut one, mut many] = [false; 2];
    for geometry in geometries {
        match &*geometry {
            Geometry::MultiLineString(lines) if lines.0.len() == 1 => one = true,
            _ => many = true,
        }
    }
    Some(match (one, many) {
        (true, true) => GeometryType::Unknown,
        (true, false) => GeometryType::LineString,
        (false, _) => kind,
    })
}

fn set(
    properties: &mut impl PropertyProcessor,
    index: usize,
    name: &str,
    kind: FieldType,
    value: &serde_json::Value,
) -> geozero::error::Result<bool> {
    if value.is_null() {
        return Ok(false);
    }
    match kind {
        FieldType::Number => match value.as_f64() {
            Some(number) => properties.property(index, name, &ColumnValue::Double(number)),
            None => Ok(false),
        },
        FieldType::Integer => match value.as_i64() {
            Some(number) => properties.property(index, name, &ColumnValue::Long(number)),
            None => Ok(false),
        },
        FieldType::Boolean => properties.property(index, name, &ColumnValue::Bool(value.as_bool().unwrap_or_default())),
        FieldType::Json => properties.property(index, name, &ColumnValue::Json(&plain(value))),
        // The type takes a day as it takes a moment.
        FieldType::Date | FieldType::DateTime | FieldType::Time => {
            properties.property(index, name, &ColumnValue::DateTime(&plain(value)))
        }
        FieldType::String => properties.property(index, name, &ColumnValue::String(&plain(value))),
    }
}

fn column_type(kind: FieldType) -> ColumnType {
    match kind {
        FieldType::Number => ColumnType::Double,
        FieldType::Integer => ColumnType::Long,
        FieldType::Boolean => ColumnType::Bool,
        FieldType::Json => ColumnType::Json,
        FieldType::Date | FieldType::DateTime | FieldType::Time => ColumnType::DateTime,
        FieldType::String => ColumnType::String,
    }
}

fn geometry_type(kind: GeometryKind) -> Option<GeometryType> {
    Some(match kind {
        GeometryKind::Point => GeometryType::Point,
        GeometryKind::MultiPoint => GeometryType::MultiPoint,
        GeometryKind::LineString => GeometryType::LineString,
        GeometryKind::MultiLineString => GeometryType::MultiLineString,
        GeometryKind::Polygon => GeometryType::Polygon,
        GeometryKind::MultiPolygon => GeometryType::MultiPolygon,
        GeometryKind::None => return None,
    })
}
