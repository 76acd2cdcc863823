//! Shapefiles: `.shp` and `.dbf`, with `.prj` for the reference system and `.cpg` for the encoding of text.

use super::{CUT_OFF, broken, delimited};
use crate::layers::GeometryKind;
use crate::sources::{
    crs,
    error::SourceError,
    rows::{RawRow, Rows},
    spec::LayerSpec,
};
use encoding_rs::Encoding;
use geo::{Contains, Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use serde_json::{Number, Value};
use shapefile::{
    PolygonRing, Shape, ShapeReader, ShapeType,
    dbase::{self, FieldValue, encoding::EncodingRs},
    record::traits::HasXY,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Reads shapes and their values.
pub fn read(spec: &LayerSpec, path: &Path) -> Result<Rows, SourceError> {
    let mut rows = Rows::default();
    let (shapes, kind) = shapes(spec, path)?;
    rows.kind = kind;
    match beside(path, "prj").and_then(|file| fs::read(file).ok()) {
        Some(text) => rows.declared = crs::by_wkt(&String::from_utf8_lossy(&text)),
        None if spec.crs.is_none() => rows.notices.note(
            "there is no .prj file: coordinates are taken as degrees on WGS 84; say another system with crs = \"EPSG:…\"",
        ),
        None => {}
    }
    rows.has_heights = shapes.iter().any(|shape| {
        matches!(
            shape,
            Shape::PointZ(_) | Shape::MultipointZ(_) | Shape::PolylineZ(_) | Shape::PolygonZ(_)
        )
    });
    let records = records(spec, path, &mut rows)?;
    if records.len() != shapes.len() {
        let what = format!("the .dbf has {} rows for {} shapes", records.len(), shapes.len());
        return Err(broken(spec, what).remedy(CUT_OFF).passing());
    }
    for ((shape, values), number) in shapes.into_iter().zip(records).zip(1..) {
        match geometry(shape) {
            Ok(geometry) => rows.push(
                &spec.shown_source(),
                RawRow {
                    number,
                    id: None,
                    geometry,
                    values,
                },
            )?,
            Err(what) => rows.notices.row(number, format!("{what}; the row is left out")),
        }
    }
    Ok(rows)
}

/// A file of the same name with another extension, in either case.
fn beside(path: &Path, extension: &str) -> Option<PathBuf> {
    let names = [extension.to_owned(), extension.to_ascii_uppercase()];
    names
        .iter()
        .map(|name| path.with_extension(name))
        .find(|file| file.is_file())
}

/// The shapes, and the kind that an empty file would have.
fn shapes(spec: &LayerSpec, path: &Path) -> Result<(Vec<Shape>, Option<GeometryKind>), SourceError> {
    let header = fs::read(path).map_err(|error| super::failed(spec, &error))?;
    if let Some(words) = header
        .get(24..28)
        .and_then(|bytes| bytes.try_into().ok())
        .map(i32::from_be_bytes)
    {
        let stated = u64::try_from(words).unwrap_or(0) * 2;
        if stated > header.len() as u64 {
            let what = format!("it says that it has {stated} bytes, and has {}", header.len());
            return Err(broken(spec, what).remedy(CUT_OFF).passing());
        }
    }
    let wrong = |error: shapefile::Error| {
        broken(spec, format!("it is no Shapefile that can be read: {error}"))
            .remedy("repair it, for example with ogr2ogr OUT.gpkg IN.shp")
    };
    // The index says where each shape begins; programs leave bytes between and after them.
    let index = beside(path, "shx").and_then(|file| fs::read(file).ok());
    let shapes = std::io::Cursor::new(header);
    let mut reader = match index {
        Some(index) => ShapeReader::with_shx(shapes, std::io::Cursor::new(index)).map_err(|error| {
            broken(spec, format!("its .shx file cannot be read: {error}"))
                .remedy(CUT_OFF)
                .passing()
        })?,
        None => ShapeReader::new(shapes).map_err(wrong)?,
    };
    let kind = match reader.header().shape_type {
        ShapeType::Point | ShapeType::PointM | ShapeType::PointZ => Some(GeometryKind::Point),
        ShapeType::Multipoint | ShapeType::MultipointM | ShapeType::MultipointZ => Some(GeometryKind::MultiPoint),
        ShapeType::Polyline | ShapeType::PolylineM | ShapeType::PolylineZ => Some(GeometryKind::LineString),
        ShapeType::Polygon | ShapeType::PolygonM | ShapeType::PolygonZ => Some(GeometryKind::Polygon),
        _ => None,
    };
    let mut shapes = Vec::new();
    for (shape, row) in reader.iter_shapes().zip(1..) {
        shapes.push(shape.map_err(|error| wrong(error).row(row))?);
    }
    Ok((shapes, kind))
}

/// Values of the rows in the order of the columns; none where there is no table.
fn records(spec: &LayerSpec, path: &Path, rows: &mut Rows) -> Result<Vec<Vec<Value>>, SourceError> {
    let table = beside(path, "dbf").ok_or_else(|| {
        broken(spec, "the .dbf file with its values is not there")
            .remedy("copy .shp, .shx, .dbf, .prj and .cpg together")
    })?;
    let wrong =
        |error: &dyn std::fmt::Display| broken(spec, format!("its .dbf cannot be read: {error}")).remedy(CUT_OFF);
    let encoding = encoding(spec, path, &table, rows)?;
    let mut bytes = fs::read(&table).map_err(|error| super::failed(spec, &error))?;
    clear_impossible_days(&mut bytes);
    let builder = dbase::ReaderBuilder::new().with_encoding(EncodingRs::from(encoding));
    let memo = ["dbt", "fpt"]
        .iter()
        .find_map(|memo| fs::read(beside(path, memo)?).ok());
    let cells = std::io::Cursor::new(bytes.as_slice());
    let opened = match &memo {
        Some(memo) => builder.build_with_memo(cells, std::io::Cursor::new(memo.as_slice())),
        None => builder.build(cells),
    };
    let mut reader = opened.map_err(|error| wrong(&error))?;
    let names: Vec<String> = reader.fields().iter().map(|field| field.name().to_owned()).collect();
    for name in &names {
        rows.column(name);
    }
    let numbers = WholeNumbers::of(&bytes);
    let mut records = Vec::new();
    for (record, row) in reader.iter_records().zip(1..) {
        let mut record = record.map_err(|error| wrong(&error).row(row))?;
        let whole = numbers.in_row(records.len());
        let values = names
            .iter()
            .zip(whole)
            .map(|(name, whole)| match (record.remove(name), whole) {
                (Some(FieldValue::Numeric(Some(_))), Some(whole)) => Value::from(whole),
                (found, _) => found.map_or(Value::Null, value),
            });
        records.push(values.collect());
    }
    Ok(records)
}

/// The encoding named by the operator, the `.cpg` file or the table itself; else UTF-8 if the text is valid UTF-8.
fn encoding(spec: &LayerSpec, path: &Path, table: &Path, rows: &mut Rows) -> Result<&'static Encoding, SourceError> {
    if let Some(name) = &spec.encoding {
        return delimited::encoding(spec, name);
    }
    if let Some(name) = beside(path, "cpg").and_then(|file| fs::read_to_string(file).ok())
        && !name.trim().is_empty()
    {
        return delimited::encoding(spec, &name);
    }
    let bytes = fs::read(table).map_err(|error| super::failed(spec, &error))?;
    // Byte 29 names the code page of the program that wrote the table.
    let of_driver = match bytes.get(29) {
        Some(0x7e) => Some(encoding_rs::WINDOWS_1256),
        Some(0xc8) => Some(encoding_rs::WINDOWS_1250),
        Some(0xc9) => Some(encoding_rs::WINDOWS_1251),
        Some(0xca) => Some(encoding_rs::WINDOWS_1254),
        Some(0xcb) => Some(encoding_rs::WINDOWS_1253),
        _ => None,
    };
    if let Some(encoding) = of_driver {
        return Ok(encoding);
    }
    let head = bytes
        .get(8..10)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u16::from_le_bytes);
    let text = bytes.get(usize::from(head)..).unwrap_or_default();
    if std::str::from_utf8(text).is_ok() {
        return Ok(encoding_rs::UTF_8);
    }
    rows.notices.note(format!(
        "there is no .cpg file and the text is not UTF-8; it is read as {}; say another with encoding = \"…\"",
        delimited::FALLBACK
    ));
    Ok(delimited::fallback())
}

/// Blanks the days of a table that are in no calendar (`00000000`, `20200230`, text): its reader refuses the whole table for one
/// of them. A blank day is no value.
fn clear_impossible_days(bytes: &mut [u8]) {
    let two = |bytes: &[u8], at: usize| {
        let pair = bytes.get(at..at + 2).and_then(|pair| pair.try_into().ok());
        pair.map_or(0, |pair| usize::from(u16::from_le_bytes(pair)))
    };
    let (head, width) = (two(bytes, 8), two(bytes, 10));
    // The day of the last change, which nothing uses.
    if let Some(day) = bytes.get_mut(2..4) {
        day.copy_from_slice(&[1, 1]);
    }
    let mut days = Vec::new();
    let mut at = 1;
    let fields = bytes
        .get(32..head.min(bytes.len()))
        .unwrap_or_default()
        .chunks_exact(32);
    for field in fields.take_while(|field| field[0] != b'\r') {
        let size = usize::from(field[16]);
        if field[11] == b'D' {
            days.push((at, size));
        }
        at += size;
    }
    let rows = bytes.get_mut(head..).unwrap_or_default().chunks_exact_mut(width.max(1));
    for row in rows {
        for (from, size) in &days {
            let Some(cell) = row.get_mut(*from..from + size) else {
                continue;
            };
            let text = std::str::from_utf8(cell).unwrap_or_default().trim();
            if !text.is_empty() && jiff::civil::Date::strptime("%Y%m%d", text).is_err() {
                cell.fill(b' ');
            }
        }
    }
}

/// Whole numbers of a table as they are written: its reader makes floating-point numbers of all, which lose digits.
struct WholeNumbers<'b> {
    /// The rows that are not deleted.
    rows: Vec<&'b [u8]>,
    /// Where each column is in a row, if it has numbers without decimals.
    columns: Vec<Option<(usize, usize)>>,
}

impl<'b> WholeNumbers<'b> {
    fn of(bytes: &'b [u8]) -> Self {
        let length = |at: usize| {
            bytes
                .get(at..at + 2)
                .map_or(0, |two| usize::from(u16::from_le_bytes([two[0], two[1]])))
        };
        let (head, width) = (length(8), length(10));
        let fields = bytes
            .get(32..head.min(bytes.len()))
            .unwrap_or_default()
            .chunks_exact(32);
        let mut at = 1;
        let columns = fields.take_while(|field| field[0] != b'\r').map(|field| {
            let (from, size) = (at, usize::from(field[16]));
            at += size;
            (field[11] == b'N' && field[17] == 0).then_some((from, from + size))
        });
        let columns = columns.collect();
        let rows = bytes.get(head..).unwrap_or_default().chunks_exact(width.max(1));
        Self {
            rows: rows.filter(|row| row[0] != b'*').collect(),
            columns,
        }
    }

    /// For each column the whole number of a row, if there is one.
    fn in_row(&self, row: usize) -> impl Iterator<Item = Option<i64>> + '_ {
        let row = self.rows.get(row).copied().unwrap_or_default();
        let number = |(from, to): (usize, usize)| std::str::from_utf8(row.get(from..to)?).ok()?.trim().parse().ok();
        let known = self.columns.iter().map(move |column| column.and_then(number));
        known.chain(std::iter::repeat(None))
    }
}

fn value(value: FieldValue) -> Value {
    /// Above it whole numbers are not exact in a float.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let number = |number: f64| match number.fract() == 0.0 && number.abs() < EXACT {
        true => Value::from(number as i64),
        false => Number::from_f64(number).map_or(Value::Null, Value::Number),
    };
    let found = match value {
        FieldValue::Character(text) => text.map(|text| Value::from(text.trim_matches('\0').trim())),
        FieldValue::Numeric(value) => value.map(number),
        FieldValue::Float(value) => value.map(|value| number(f64::from(value))),
        FieldValue::Integer(value) => Some(Value::from(value)),
        FieldValue::Double(value) => Some(number(value)),
        FieldValue::Logical(truth) => truth.map(Value::from),
        FieldValue::Date(date) => {
            date.map(|date| Value::from(format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())))
        }
        _ => None,
    };
    found.unwrap_or(Value::Null)
}

fn coord<P: HasXY>(point: &P) -> Coord<f64> {
    Coord {
        x: point.x(),
        y: point.y(),
    }
}

fn points<P: HasXY>(points: &[P]) -> Option<Geometry<f64>> {
    let points: Vec<Point<f64>> = points.iter().map(|point| Point(coord(point))).collect();
    Some(MultiPoint(points).into())
}

fn lines<P: HasXY>(parts: &[Vec<P>]) -> Option<Geometry<f64>> {
    let mut lines: Vec<LineString<f64>> = parts.iter().map(|part| part.iter().map(coord).collect()).collect();
    match lines.len() {
        1 => lines.pop().map(Geometry::from),
        _ => Some(MultiLineString(lines).into()),
    }
}

fn areas<P: HasXY>(rings: &[PolygonRing<P>]) -> Option<Geometry<f64>> {
    let corners = |ring: &PolygonRing<P>| -> LineString<f64> { ring.points().iter().map(coord).collect() };
    let mut polygons: Vec<Polygon<f64>> = Vec::new();
    let mut holes = Vec::new();
    for ring in rings {
        match ring {
            PolygonRing::Outer(_) => polygons.push(Polygon::new(corners(ring), Vec::new())),
            PolygonRing::Inner(_) => holes.push(corners(ring)),
        }
    }
    for hole in holes {
        let holds = |polygon: &&mut Polygon<f64>| {
            let shell = Polygon::new(polygon.exterior().clone(), Vec::new());
            hole.0.iter().any(|corner| shell.contains(corner))
        };
        // A hole in no shell is a shell that was wound the wrong way.
        match polygons.iter_mut().find(holds) {
            Some(polygon) => polygon.interiors_push(hole),
            None => polygons.push(Polygon::new(hole, Vec::new())),
        }
    }
    match polygons.len() {
        1 => polygons.pop().map(Geometry::from),
        _ => Some(MultiPolygon(polygons).into()),
    }
}

fn geometry(shape: Shape) -> Result<Option<Geometry<f64>>, String> {
    Ok(match shape {
        Shape::NullShape => None,
        Shape::Point(point) => Some(Point(coord(&point)).into()),
        Shape::PointM(point) => Some(Point(coord(&point)).into()),
        Shape::PointZ(point) => Some(Point(coord(&point)).into()),
        Shape::Multipoint(all) => points(all.points()),
        Shape::MultipointM(all) => points(all.points()),
        Shape::MultipointZ(all) => points(all.points()),
        Shape::Polyline(line) => lines(line.parts()),
        Shape::PolylineM(line) => lines(line.parts()),
        Shape::PolylineZ(line) => lines(line.parts()),
        Shape::Polygon(polygon) => areas(polygon.rings()),
        Shape::PolygonM(polygon) => areas(polygon.rings()),
        Shape::PolygonZ(polygon) => areas(polygon.rings()),
        Shape::Multipatch(_) => return Err("its shape is a multipatch, which is not read".to_owned()),
    })
}
