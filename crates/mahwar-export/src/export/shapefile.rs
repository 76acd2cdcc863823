//! Shapefile in a ZIP: `.shp`, `.shx`, `.dbf`, `.prj`, `.cpg` (UTF-8) and a note with sources and disclaimer.
//!
//! A field name has ten bytes and a text 254 (dBASE III), so names are cut and made distinct, and long texts are cut at
//! a character; the note lists the field of each name.

use super::{ExportError, Selection, is_number, plain};
use crate::layers::{FeatureRef, FieldType, GeometryKind};
use geo::{Geometry, Polygon};
use shapefile::{
    Multipoint, Point, PolygonRing, Polyline, Shape, ShapeWriter, Writer,
    dbase::{FieldName, FieldValue, Record, TableWriterBuilder, encoding::Unicode},
};
use std::{
    fmt::Write as _,
    io::{Cursor, Write},
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// Bytes of a text.
const LONGEST: usize = 254;
/// Bytes of a field name.
const LONGEST_NAME: usize = 10;
const WGS84: &str = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

pub(super) fn write(selection: &Selection, out: &mut dyn Write) -> Result<(), ExportError> {
    let layer = selection.layer();
    let names = field_names(selection);
    let widths = widths(selection, &names);
    let [mut shp, mut shx, mut dbf] = [(); 3].map(|()| Cursor::new(Vec::new()));
    {
        let mut table = TableWriterBuilder::with_encoding(Unicode);
        for ((name, kind), width) in names.iter().zip(widths) {
            let field = FieldName::try_from(name.as_str()).map_err(|error| fault(format!("{error:?}")))?;
            table = match kind {
                FieldType::Number => table.add_numeric_field(field, 18, 6),
                FieldType::Integer => table.add_numeric_field(field, 18, 0),
                FieldType::Boolean => table.add_logical_field(field),
                _ => table.add_character_field(field, width),
            };
        }
        let mut writer = Writer::new(
            ShapeWriter::with_shx(&mut shp, &mut shx),
            table.build_with_dest(&mut dbf),
        );
        for feature in selection.refs() {
            selection.halt.check()?;
            let Some(shape) = selection.geometry(feature).and_then(|geometry| shape(&geometry)) else {
                continue;
            };
            let record = record(selection, feature, &names);
            match shape {
                Shape::Point(one) => writer.write_shape_and_record(&one, &record),
                Shape::Multipoint(one) => writer.write_shape_and_record(&one, &record),
                Shape::Polyline(one) => writer.write_shape_and_record(&one, &record),
                Shape::Polygon(one) => writer.write_shape_and_record(&one, &record),
                _ => continue,
            }
            .map_err(|error| fault(error.to_string()))?;
        }
    }
    if shp.get_ref().is_empty() {
        // The writer writes its header with the first shape; a file without one still needs it.
        let header = empty_header(layer.geometry);
        shp.get_mut().extend(header);
        shx.get_mut().extend(header);
    }
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let note = note(selection, &names);
    let files: [(&str, &[u8]); 6] = [
        ("shp", shp.get_ref()),
        ("shx", shx.get_ref()),
        ("dbf", dbf.get_ref()),
        ("prj", WGS84.as_bytes()),
        ("cpg", b"UTF-8"),
        ("README.txt", note.as_bytes()),
    ];
    for (extension, bytes) in files {
        let name = format!("{}.{extension}", layer.id);
        archive
            .start_file(
                name,
                SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated),
            )
            .map_err(|error| fault(error.to_string()))?;
        archive.write_all(bytes)?;
    }
    let bytes = archive.finish().map_err(|error| fault(error.to_string()))?;
    out.write_all(bytes.get_ref())?;
    Ok(())
}

fn fault(what: String) -> ExportError {
    ExportError::Shapefile(what)
}

/// The header of a file with no shape (ESRI white paper, 1998): big-endian code and length in words, then little-endian
/// version and shape type, then a box of zeros.
fn empty_header(kind: GeometryKind) -> [u8; 100] {
    let shape: u32 = match kind {
        GeometryKind::Point => 1,
        GeometryKind::LineString | GeometryKind::MultiLineString => 3,
        GeometryKind::Polygon | GeometryKind::MultiPolygon => 5,
        GeometryKind::MultiPoint => 8,
        GeometryKind::None => 0,
    };
    let mut header = [0; 100];
    header[..4].copy_from_slice(&9994u32.to_be_bytes());
    header[24..28].copy_from_slice(&50u32.to_be_bytes());
    header[28..32].copy_from_slice(&1000u32.to_le_bytes());
    header[32..36].copy_from_slice(&shape.to_le_bytes());
    header
}

/// The columns: `id`, then each field under a name of at most ten bytes that no other has, in whichever case.
fn field_names(selection: &Selection) -> Vec<(String, FieldType)> {
    let mut names: Vec<(String, FieldType)> = vec![("id".to_owned(), FieldType::String)];
    for field in selection.fields() {
        let plain = field.name.replace(':', "_");
        let mut name = cut(&plain, LONGEST_NAME).to_owned();
        let mut number = 1;
        while names.iter().any(|(other, _)| other.eq_ignore_ascii_case(&name)) {
            number += 1;
            let end = number.to_string();
            name = format!("{}{end}", cut(&plain, LONGEST_NAME - end.len()));
        }
        names.push((name, field.kind));
    }
    names
}

/// Bytes of each column of text: as many as its longest value has, for each row has them all.
fn widths(selection: &Selection, names: &[(String, FieldType)]) -> Vec<u8> {
    let mut widths = vec![1; names.len()];
    for feature in selection.refs() {
        let texts = selection.values(feature).map(|(_, value)| plain(&value).len());
        for (width, length) in widths.iter_mut().zip(std::iter::once(feature.id().len()).chain(texts)) {
            *width = length.min(LONGEST).max(*width);
        }
    }
    widths.into_iter().map(|width| width as u8).collect()
}

fn record(selection: &Selection, feature: FeatureRef, names: &[(String, FieldType)]) -> Record {
    let mut record = Record::default();
    record.insert(
        names[0].0.clone(),
        FieldValue::Character(Some(cut(feature.id(), LONGEST).to_owned())),
    );
    for ((_, value), (name, kind)) in selection.values(feature).zip(&names[1..]) {
        let value = match kind {
            kind if is_number(*kind) => FieldValue::Numeric(value.as_f64()),
            FieldType::Boolean => FieldValue::Logical(value.as_bool()),
            _ => FieldValue::Character((!value.is_null()).then(|| cut(&plain(&value), LONGEST).to_owned())),
        };
        record.insert(name.clone(), value);
    }
    record
}

/// The beginning of a text, cut at a character to at most this many bytes.
fn cut(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn note(selection: &Selection, names: &[(String, FieldType)]) -> String {
    let mut note = format!("{}\n\n{}\n\nFields:\n", selection.title(), selection.about());
    for (field, (name, _)) in selection.fields().zip(&names[1..]) {
        let _ = writeln!(note, "{name}\t{}\t{}", field.name, field.title.best(selection.language));
    }
    note
}

fn shape(geometry: &Geometry<f64>) -> Option<Shape> {
    let points = |line: &geo::LineString<f64>| {
        line.coords()
            .map(|coord| Point::new(coord.x, coord.y))
            .collect::<Vec<_>>()
    };
    let rings = |polygon: &Polygon<f64>| {
        let outer = PolygonRing::Outer(points(polygon.exterior()));
        std::iter::once(outer)
            .chain(
                polygon
                    .interiors()
                    .iter()
                    .map(|inner| PolygonRing::Inner(points(inner))),
            )
            .collect::<Vec<_>>()
    };
    Some(match geometry {
        Geometry::Point(point) => Shape::Point(Point::new(point.x(), point.y())),
        Geometry::MultiPoint(many) => Shape::Multipoint(Multipoint::new(
            many.iter().map(|one| Point::new(one.x(), one.y())).collect(),
        )),
        Geometry::LineString(line) => Shape::Polyline(Polyline::new(points(line))),
        Geometry::MultiLineString(many) => Shape::Polyline(Polyline::with_parts(many.iter().map(points).collect())),
        Geometry::Polygon(polygon) => Shape::Polygon(shapefile::Polygon::with_rings(rings(polygon))),
        Geometry::MultiPolygon(many) => {
            Shape::Polygon(shapefile::Polygon::with_rings(many.iter().flat_map(rings).collect()))
        }
        _ => return None,
    })
}
