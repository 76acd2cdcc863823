//! Shapefile in a ZIP: `.shp`, `.shx`, `.dbf`, `.prj`, `.cpg` (UTF-8) and a note with sources and disclaimer.
//!
//! A field name has ten bytes and a text 254 (dBASE III), so names are cut and made distinct, and long texts are cut at
//! a word; the note lists the field of each name. A feature without a geometry is a null shape.

use super::{
    ExportError, Selection, day_of,
    dbf::{Cell, Kind, LONGEST, Table, cut},
    plain,
};
use crate::layers::{FeatureRef, FieldType, GeometryKind};
use geo::{Geometry, Polygon};
use shapefile::{Multipoint, Point, PolygonRing, Polyline, Shape, ShapeWriter};
use std::{
    fmt::Write as _,
    io::{Cursor, Write},
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// Bytes of a field name.
const LONGEST_NAME: usize = 10;
/// Bytes of the header of `.shp` and `.shx`.
const HEADER: usize = 100;
const WGS84: &str = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

/// Remarks for readers of the file.
#[derive(Default)]
struct Losses {
    /// Texts that were cut.
    cut: usize,
    /// Features without a geometry.
    null_shapes: usize,
}

pub(super) fn write(selection: &Selection, out: &mut dyn Write) -> Result<(), ExportError> {
    let layer = selection.layer();
    let names = field_names(selection);
    let mut table = Table::new(names.clone());
    let mut losses = Losses::default();
    let mut shapes = Cursor::new(Vec::new());
    let mut is_null = Vec::with_capacity(selection.features.len());
    {
        let mut writer = ShapeWriter::new(&mut shapes);
        for feature in selection.refs() {
            selection.halt.check()?;
            table.push(row(selection, feature, &names, &mut losses));
            let shape = selection.geometry(feature).and_then(|geometry| shape(&geometry));
            is_null.push(shape.is_none());
            match shape {
                Some(Shape::Point(one)) => writer.write_shape(&one),
                Some(Shape::Multipoint(one)) => writer.write_shape(&one),
                Some(Shape::Polyline(one)) => writer.write_shape(&one),
                Some(Shape::Polygon(one)) => writer.write_shape(&one),
                _ => continue,
            }
            .map_err(|error| fault(error.to_string()))?;
        }
    }
    losses.null_shapes = is_null.iter().filter(|is_null| **is_null).count();
    let mut shapes = shapes.into_inner();
    if shapes.is_empty() {
        // The writer writes its header with the first shape; a file without one still needs it.
        shapes.extend(empty_header(layer.geometry));
    }
    let (shp, shx) = with_null_shapes(&shapes, &is_null);
    let dbf = table.finish(&selection.statement.date);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let note = note(selection, &names, &losses);
    let files: [(&str, &[u8]); 6] = [
        ("shp", &shp),
        ("shx", &shx),
        ("dbf", &dbf),
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

/// The shapes of a file with null shapes between them, and the index of all. A record has its number and its length in
/// words, big-endian, then its content.
fn with_null_shapes(shapes: &[u8], is_null: &[bool]) -> (Vec<u8>, Vec<u8>) {
    const NULL_SHAPE: [u8; 4] = [0; 4];
    let (header, mut rest) = shapes.split_at(shapes.len().min(HEADER));
    let (mut shp, mut shx) = (header.to_vec(), header.to_vec());
    for (is_null, number) in is_null.iter().zip(1_u32..) {
        let content = match (*is_null, rest.get(4..8).and_then(|words| words.first_chunk())) {
            (false, Some(words)) => {
                let end = (8 + u32::from_be_bytes(*words) as usize * 2).min(rest.len());
                let content = &rest[8..end];
                rest = &rest[end..];
                content
            }
            _ => &NULL_SHAPE,
        };
        let words = (content.len() as u32 / 2).to_be_bytes();
        shx.extend((shp.len() as u32 / 2).to_be_bytes());
        shx.extend(words);
        shp.extend(number.to_be_bytes());
        shp.extend(words);
        shp.extend(content);
    }
    for file in [&mut shp, &mut shx] {
        let words = (file.len() as u32 / 2).to_be_bytes();
        if let Some(length) = file.get_mut(24..28) {
            length.copy_from_slice(&words);
        }
    }
    (shp, shx)
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
fn field_names(selection: &Selection) -> Vec<(String, Kind)> {
    let mut names: Vec<(String, Kind)> = vec![("id".to_owned(), Kind::Text)];
    for (field, kind) in selection.fields().zip(selection.kinds()) {
        let plain = field.name.replace(':', "_");
        let mut name = cut(&plain, LONGEST_NAME).to_owned();
        let mut number = 1;
        while names.iter().any(|(other, _)| other.eq_ignore_ascii_case(&name)) {
            number += 1;
            let end = number.to_string();
            name = format!("{}{end}", cut(&plain, LONGEST_NAME - end.len()));
        }
        let kind = match kind {
            FieldType::Integer => Kind::Whole,
            FieldType::Number => Kind::Real,
            FieldType::Boolean => Kind::Truth,
            FieldType::Date | FieldType::Time => Kind::Day,
            FieldType::String | FieldType::DateTime | FieldType::Json => Kind::Text,
        };
        names.push((name, kind));
    }
    names
}

fn row(selection: &Selection, feature: FeatureRef, names: &[(String, Kind)], losses: &mut Losses) -> Vec<Cell> {
    let mut text = |text: &str| {
        let (cell, is_cut) = Cell::text(text);
        losses.cut += usize::from(is_cut);
        cell
    };
    let mut cells = vec![text(feature.id())];
    cells.extend(
        selection
            .values(feature)
            .zip(&names[1..])
            .map(|((_, value), (_, kind))| match kind {
                Kind::Whole => Cell::whole(value.as_i64()),
                Kind::Real => Cell::real(value.as_f64()),
                Kind::Truth => Cell::truth(value.as_bool()),
                Kind::Day => Cell::day(value.as_str().map(day_of)),
                Kind::Text => text(&plain(&value)),
            }),
    );
    cells
}

fn note(selection: &Selection, names: &[(String, Kind)], losses: &Losses) -> String {
    let mut note = format!("{}\n\n{}\n\n", selection.title(), selection.about());
    let Losses { cut, null_shapes } = losses;
    if *cut > 0 {
        let _ = writeln!(
            note,
            "A text of this format has {LONGEST} bytes. Texts that were longer end at a word with the mark …: {cut}. Other \
             formats have them in full.\n"
        );
    }
    if *null_shapes > 0 {
        let _ = writeln!(
            note,
            "Features without a geometry, which are null shapes: {null_shapes}.\n"
        );
    }
    let kinds = selection.kinds();
    if kinds.contains(&FieldType::DateTime) {
        note.push_str("Times of day are texts: the format has days only.\n\n");
    }
    if kinds.contains(&FieldType::Time) {
        note.push_str(
            "Of fields with days and times of day only the day is in the file: the format has days only.\n\n",
        );
    }
    note.push_str("Fields:\n");
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
