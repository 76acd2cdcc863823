//! GeoParquet 1.1: WKB in one column, a box column that readers prune by, zstd, and the notes in the file's metadata.

use super::{ExportError, Selection, day_of, moment, plain, wkb};
use crate::layers::{FeatureRef, FieldType, GeometryKind};
use geo::Geometry;
use parquet::{
    basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel},
    column::writer::ColumnWriterImpl,
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::{Type, TypePtr},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, io::Write, sync::Arc};

/// Rows that a reader can skip together.
const ROWS: usize = 10_000;
/// The corners of the box column, in the order of `Bounds`.
const CORNERS: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

pub(super) fn write(selection: &Selection, out: &mut (dyn Write + Send)) -> Result<(), ExportError> {
    let spatial = selection.layer().geometry != GeometryKind::None;
    let kinds = selection.kinds();
    let names = spatial.then(|| ["geometry", "bbox"].map(|name| selection.free_name(name)));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(format!("mahwar {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(metadata(selection, names.as_ref())))
        .build();
    let mut writer = SerializedFileWriter::new(out, schema(selection, &kinds, names.as_ref())?, Arc::new(properties))?;
    let count = selection.features.len();
    for first in (0..count).step_by(ROWS) {
        selection.halt.check()?;
        let rows = (first..count.min(first + ROWS)).map(|nth| selection.features.at(nth));
        let rows: Vec<FeatureRef<'_>> = rows.map(|index| selection.layer().at(index)).collect();
        let mut group = writer.next_row_group()?;
        let ids: Vec<ByteArray> = rows.iter().map(|row| row.id().into()).collect();
        column::<ByteArrayType, _>(&mut group, |writer| writer.write_batch(&ids, None, None))?;
        for (&position, kind) in selection.fields.iter().zip(&kinds) {
            field(&mut group, selection, (position, *kind), &rows)?;
        }
        if spatial {
            geometries(&mut group, selection, &rows)?;
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn schema(selection: &Selection, kinds: &[FieldType], names: Option<&[String; 2]>) -> Result<TypePtr, ParquetError> {
    let text = |name: &str, repetition| {
        Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_repetition(repetition)
            .with_logical_type(Some(LogicalType::String))
            .build()
    };
    let plain = |name: &str, physical, repetition| {
        Type::primitive_type_builder(name, physical)
            .with_repetition(repetition)
            .build()
    };
    let logical = |name: &str, physical, logical| {
        Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(Some(logical))
            .build()
    };
    let moments = || LogicalType::timestamp(true, TimeUnit::MICROS);
    let mut columns = vec![Arc::new(text(&selection.free_name("id"), Repetition::REQUIRED)?)];
    for (field, kind) in selection.fields().zip(kinds) {
        let name = &field.name;
        columns.push(Arc::new(match kind {
            FieldType::Date | FieldType::Time => logical(name, Physical::INT32, LogicalType::Date)?,
            FieldType::DateTime => logical(name, Physical::INT64, moments())?,
            FieldType::Number => plain(name, Physical::DOUBLE, Repetition::OPTIONAL)?,
            FieldType::Integer => plain(name, Physical::INT64, Repetition::OPTIONAL)?,
            FieldType::Boolean => plain(name, Physical::BOOLEAN, Repetition::OPTIONAL)?,
            FieldType::String | FieldType::Json => text(name, Repetition::OPTIONAL)?,
        }));
    }
    if let Some([geometry, bbox]) = names {
        columns.push(Arc::new(plain(geometry, Physical::BYTE_ARRAY, Repetition::OPTIONAL)?));
        let corners = CORNERS.map(|corner| plain(corner, Physical::DOUBLE, Repetition::REQUIRED).map(Arc::new));
        let group = Type::group_type_builder(bbox)
            .with_repetition(Repetition::OPTIONAL)
            .with_fields(corners.into_iter().collect::<Result<_, _>>()?);
        columns.push(Arc::new(group.build()?));
    }
    Ok(Arc::new(
        Type::group_type_builder("schema").with_fields(columns).build()?,
    ))
}

fn metadata(selection: &Selection, names: Option<&[String; 2]>) -> Vec<KeyValue> {
    let mut pairs = Vec::new();
    if let Some([geometry, bbox]) = names {
        let geometries = selection.refs().filter_map(|feature| selection.geometry(feature));
        let types: BTreeSet<&str> = geometries.map(|geometry| type_name(&geometry)).collect();
        let covering: serde_json::Map<String, Value> = CORNERS
            .iter()
            .map(|corner| ((*corner).to_owned(), json!([bbox, corner])))
            .collect();
        // Without `crs` the positions are OGC:CRS84, which they are.
        let mut column = json!({"encoding": "WKB", "geometry_types": types, "covering": {"bbox": covering}});
        if let Some(extent) = selection.extent() {
            column["bbox"] = json!(extent);
        }
        let geo = json!({"version": "1.1.0", "primary_column": geometry, "columns": {geometry: column}});
        pairs.push(KeyValue::new("geo".to_owned(), geo.to_string()));
    }
    let notes = selection.members().into_iter();
    pairs.extend(notes.map(|(name, value)| KeyValue::new(name, plain(&value))));
    pairs
}

fn type_name(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) => "Point",
        Geometry::LineString(_) => "LineString",
        Geometry::Polygon(_) => "Polygon",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        _ => "GeometryCollection",
    }
}

type Group<'g, 'w> = SerializedRowGroupWriter<'g, &'w mut (dyn Write + Send)>;

/// Writes the next column of a group.
fn column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    fill: impl FnOnce(&mut ColumnWriterImpl<'_, T>) -> Result<usize, ParquetError>,
) -> Result<(), ParquetError> {
    let next = group.next_column()?;
    let mut writer = next.ok_or_else(|| ParquetError::General("more columns than the schema has".to_owned()))?;
    fill(writer.typed::<T>())?;
    writer.close()
}

/// Writes the next column, which may have no value in some rows.
pub(super) fn optional<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let mut present = Vec::new();
    let mut levels = Vec::new();
    for value in values {
        levels.push(i16::from(value.is_some()));
        present.extend(value);
    }
    column::<T, W>(group, |writer| writer.write_batch(&present, Some(&levels), None))
}

fn field(
    group: &mut Group<'_, '_>,
    selection: &Selection,
    (position, kind): (usize, FieldType),
    rows: &[FeatureRef<'_>],
) -> Result<(), ParquetError> {
    let language = selection.language;
    let values = rows.iter().map(|row| row.field_value(position, language).to_json());
    match kind {
        FieldType::Date | FieldType::Time => {
            let days = values.map(|value| day_number(day_of(value.as_str()?)));
            optional::<Int32Type, _>(group, days)
        }
        FieldType::DateTime => {
            let moments = values.map(|value| moment(value.as_str()?).map(jiff::Timestamp::as_microsecond));
            optional::<Int64Type, _>(group, moments)
        }
        FieldType::Number => optional::<DoubleType, _>(group, values.map(|value| value.as_f64())),
        FieldType::Integer => optional::<Int64Type, _>(group, values.map(|value| value.as_i64())),
        FieldType::Boolean => optional::<BoolType, _>(group, values.map(|value| value.as_bool())),
        FieldType::String | FieldType::Json => {
            let texts = values.map(|value| (!value.is_null()).then(|| plain(&value).into_bytes().into()));
            optional::<ByteArrayType, _>(group, texts)
        }
    }
}

/// Days from 1970.
fn day_number(text: &str) -> Option<i32> {
    let day: jiff::civil::Date = text.parse().ok()?;
    let from = jiff::civil::Date::constant(1970, 1, 1);
    from.until(day).ok().map(|span| span.get_days())
}

fn geometries(group: &mut Group<'_, '_>, selection: &Selection, rows: &[FeatureRef<'_>]) -> Result<(), ParquetError> {
    let bytes = rows.iter().map(|row| {
        let geometry = selection.geometry(*row)?;
        let mut bytes = Vec::new();
        wkb::append(&geometry, &mut bytes);
        Some(ByteArray::from(bytes))
    });
    optional::<ByteArrayType, _>(group, bytes)?;
    for corner in 0..CORNERS.len() {
        optional::<DoubleType, _>(
            group,
            rows.iter().map(|row| row.bounds().map(|bounds| bounds.0[corner])),
        )?;
    }
    Ok(())
}
