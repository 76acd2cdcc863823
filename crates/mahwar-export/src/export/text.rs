//! The text formats, piece by piece: GeoJSON (RFC 7946), GeoJSON by line, CSV with WKT, KML 2.2.
//!
//! Each is a beginning, a piece for each feature and an end, so that a file can be sent while it is made.

use super::{ExportError, Format, Selection, plain, style::escape};
use crate::{layers::FeatureRef, tiles::inside};
use geo::{Geometry, LineString, Polygon};
use serde_json::{Map, Value, json};
use std::{fmt::Write as _, io::Write};

/// Bytes gathered before they are written.
const BLOCK: usize = 64 * 1024;

/// A text file in pieces. Every method appends to `out`.
pub trait Pieces {
    /// Writes the text before the first feature.
    fn head(&self, out: &mut Vec<u8>);
    /// A feature by its place in the selection, from 0.
    fn feature(&self, nth: usize, out: &mut Vec<u8>);
    /// Writes the text after the last feature.
    fn tail(&self, out: &mut Vec<u8>);
}

/// The pieces of a text format; [`None`] for a format that is not text.
pub fn pieces<'s>(format: Format, selection: &'s Selection) -> Option<Box<dyn Pieces + 's>> {
    match format {
        Format::GeoJson => Some(Box::new(GeoJson(selection))),
        Format::GeoJsonLines => Some(Box::new(GeoJsonLines(selection))),
        Format::Csv => Some(Box::new(Csv(selection))),
        Format::Kml => Some(Box::new(Kml(selection))),
        _ => None,
    }
}

pub(super) fn write(format: Format, selection: &Selection, out: &mut dyn Write) -> Result<(), ExportError> {
    let Some(pieces) = pieces(format, selection) else {
        return Ok(());
    };
    let mut block = Vec::with_capacity(BLOCK);
    pieces.head(&mut block);
    for nth in 0..selection.features.len() {
        if nth.is_multiple_of(256) {
            selection.halt.check()?;
        }
        pieces.feature(nth, &mut block);
        if block.len() >= BLOCK {
            out.write_all(&block)?;
            block.clear();
        }
    }
    pieces.tail(&mut block);
    out.write_all(&block)?;
    Ok(())
}

fn nth(selection: &Selection, nth: usize) -> FeatureRef<'_> {
    selection.layer().at(selection.features.at(nth))
}

struct GeoJson<'s>(&'s Selection);

fn append_json(selection: &Selection, feature: FeatureRef<'_>, out: &mut Vec<u8>) {
    let properties: Map<String, Value> = selection
        .values(feature)
        .map(|(field, value)| (field.name.clone(), value))
        .collect();
    let geometry = feature.geometry().map(|geometry| geojson::Geometry::from(&*geometry));
    let value = json!({"type": "Feature", "id": feature.id(), "geometry": geometry, "properties": properties});
    out.extend_from_slice(value.to_string().as_bytes());
}

impl Pieces for GeoJson<'_> {
    fn head(&self, out: &mut Vec<u8>) {
        let mut head = Map::new();
        head.insert("type".to_owned(), "FeatureCollection".into());
        head.extend(self.0.members());
        let text = Value::Object(head).to_string();
        out.extend_from_slice(&text.as_bytes()[..text.len() - 1]);
        out.extend_from_slice(b",\"features\":[");
    }

    fn feature(&self, number: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(if number == 0 { b"\n" } else { b",\n" });
        append_json(self.0, nth(self.0, number), out);
    }

    fn tail(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\n]}\n");
    }
}

struct GeoJsonLines<'s>(&'s Selection);

impl Pieces for GeoJsonLines<'_> {
    fn head(&self, _: &mut Vec<u8>) {}

    fn feature(&self, number: usize, out: &mut Vec<u8>) {
        append_json(self.0, nth(self.0, number), out);
        out.push(b'\n');
    }

    fn tail(&self, _: &mut Vec<u8>) {}
}

/// A text for a cell of a table that spreadsheets open. A text that a spreadsheet would take for a formula (it begins with
/// `=`, `+`, `-`, `@`, their full-width forms, a tab or a line end) gets an apostrophe before it, as spreadsheets write
/// texts themselves (OWASP, CSV injection). Numbers are written as they are and do not come here.
pub fn harmless_cell(text: String) -> String {
    match text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']) {
        true => format!("'{text}"),
        false => text,
    }
}

/// Columns: `id`, the fields, `lon` and `lat` (of the point, or of a point in the line or area), `wkt`. No comments and no
/// notes: a table is all that programs read alike. UTF-8 with a byte order mark, so that spreadsheets read Arabic.
struct Csv<'s>(&'s Selection);

impl Csv<'_> {
    fn row(out: &mut Vec<u8>, cells: impl IntoIterator<Item = String>) {
        let mut writer = csv::Writer::from_writer(&mut *out);
        // Writing to memory does not fail.
        let _ = writer.write_record(cells);
        let _ = writer.flush();
    }
}

impl Pieces for Csv<'_> {
    fn head(&self, out: &mut Vec<u8>) {
        out.extend_from_slice("\u{feff}".as_bytes());
        let fields = self.0.fields().map(|field| field.name.clone());
        let ends = ["lon", "lat", "wkt"].map(|name| self.0.free_name(name));
        Self::row(out, std::iter::once(self.0.free_name("id")).chain(fields).chain(ends));
    }

    fn feature(&self, number: usize, out: &mut Vec<u8>) {
        let feature = nth(self.0, number);
        let mut row = vec![harmless_cell(feature.id().to_owned())];
        row.extend(self.0.values(feature).map(|(_, value)| match &value {
            Value::Number(_) => plain(&value),
            _ => harmless_cell(plain(&value)),
        }));
        let geometry = feature.geometry();
        let position = match geometry.as_deref() {
            Some(Geometry::Point(point)) => Some([point.x(), point.y()]),
            other => feature.label().or_else(|| inside(other?)),
        };
        row.extend(position.map_or_else(Default::default, |position| position.map(|number| number.to_string())));
        row.push(geometry.as_deref().map(wkt).unwrap_or_default());
        Self::row(out, row);
    }

    fn tail(&self, _: &mut Vec<u8>) {}
}

/// Well-known text (OGC 06-103r4).
fn wkt(geometry: &Geometry<f64>) -> String {
    let pair = |coord: &geo::Coord<f64>| format!("{} {}", coord.x, coord.y);
    let line = |line: &LineString<f64>| format!("({})", line.coords().map(pair).collect::<Vec<_>>().join(","));
    let polygon = |polygon: &Polygon<f64>| {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        format!("({})", rings.map(line).collect::<Vec<_>>().join(","))
    };
    let join = |parts: Vec<String>| parts.join(",");
    match geometry {
        Geometry::Point(point) => format!("POINT ({})", pair(&point.0)),
        Geometry::LineString(one) => format!("LINESTRING {}", line(one)),
        Geometry::Polygon(one) => format!("POLYGON {}", polygon(one)),
        Geometry::MultiPoint(many) => {
            format!(
                "MULTIPOINT ({})",
                join(many.iter().map(|point| format!("({})", pair(&point.0))).collect())
            )
        }
        Geometry::MultiLineString(many) => format!("MULTILINESTRING ({})", join(many.iter().map(line).collect())),
        Geometry::MultiPolygon(many) => format!("MULTIPOLYGON ({})", join(many.iter().map(polygon).collect())),
        _ => "GEOMETRYCOLLECTION EMPTY".to_owned(),
    }
}

/// Names in the requested language, the rest of the attributes as extended data, one style for the layer.
struct Kml<'s>(&'s Selection);

impl Pieces for Kml<'_> {
    fn head(&self, out: &mut Vec<u8>) {
        let layer = self.0.layer();
        let paint = layer.paint;
        let fill = paint.fill.map_or_else(
            || "<fill>0</fill>".to_owned(),
            |fill| format!("<color>{}</color>", fill.kml()),
        );
        // A pixel of the programs that show KML is about a quarter of a millimetre.
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document id=\"{id}\">\n\
             <name>{name}</name><description>{about}</description>\n\
             <Style id=\"style\"><IconStyle><color>{icon}</color><scale>{scale}</scale></IconStyle>\
             <LabelStyle><scale>0.8</scale></LabelStyle>\
             <LineStyle><color>{line}</color><width>{width}</width></LineStyle>\
             <PolyStyle>{fill}</PolyStyle></Style>\n",
            id = escape(&layer.id),
            name = escape(self.0.title()),
            about = escape(&self.0.about()),
            icon = paint.fill.unwrap_or(paint.line).kml(),
            scale = paint.size / 3.0,
            line = paint.line.kml(),
            width = paint.width * 4.0,
        );
        out.extend_from_slice(text.as_bytes());
    }

    fn feature(&self, number: usize, out: &mut Vec<u8>) {
        let feature = nth(self.0, number);
        let mut text = format!(
            "<Placemark id=\"{}\"><name>{}</name>",
            xml_id(feature.id()),
            escape(feature.name(self.0.language).unwrap_or_default())
        );
        if let Some(span) = feature.time() {
            text.push_str(&time_span(span));
        }
        text.push_str("<styleUrl>#style</styleUrl><ExtendedData>");
        for (field, value) in self.0.values(feature).filter(|(field, _)| field.name != "name") {
            let _ = write!(
                text,
                "<Data name=\"{}\"><value>{}</value></Data>",
                escape(&field.name),
                escape(&plain(&value))
            );
        }
        text.push_str("</ExtendedData>");
        if let Some(geometry) = feature.geometry() {
            text.push_str(&kml_geometry(&geometry));
        }
        text.push_str("</Placemark>\n");
        out.extend_from_slice(text.as_bytes());
    }

    fn tail(&self, out: &mut Vec<u8>) {
        if self.0.features.is_empty() {
            // GDAL finds a layer in a folder, and none in a document without features.
            let folder = format!("<Folder><name>{}</name></Folder>\n", escape(&self.0.layer().id));
            out.extend_from_slice(folder.as_bytes());
        }
        out.extend_from_slice(b"</Document></kml>\n");
    }
}

/// An id that is valid in XML (an `NCName`): letters, digits and `.-_`, and neither a digit nor a mark first.
fn xml_id(id: &str) -> String {
    let taken = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let first = if id.starts_with(char::is_alphabetic) { "" } else { "_" };
    let rest = id.chars().map(|letter| if taken(letter) { letter } else { '_' });
    first.chars().chain(rest).collect()
}

fn time_span(span: crate::layers::TimeSpan) -> String {
    let bound = |tag: &str, at: i64| {
        let moment = jiff::Timestamp::from_millisecond(at).ok();
        moment
            .map(|moment| format!("<{tag}>{moment}</{tag}>"))
            .unwrap_or_default()
    };
    format!(
        "<TimeSpan>{}{}</TimeSpan>",
        bound("begin", span.start),
        bound("end", span.end)
    )
}

fn kml_geometry(geometry: &Geometry<f64>) -> String {
    let coordinates = |line: &LineString<f64>| {
        let mut text = String::from("<coordinates>");
        for coord in line.coords() {
            let _ = write!(text, "{},{} ", coord.x, coord.y);
        }
        text + "</coordinates>"
    };
    let ring =
        |tag: &str, line: &LineString<f64>| format!("<{tag}><LinearRing>{}</LinearRing></{tag}>", coordinates(line));
    let multi = |parts: Vec<String>| format!("<MultiGeometry>{}</MultiGeometry>", parts.concat());
    match geometry {
        Geometry::Point(point) => format!("<Point><coordinates>{},{}</coordinates></Point>", point.x(), point.y()),
        Geometry::LineString(line) => format!(
            "<LineString><tessellate>1</tessellate>{}</LineString>",
            coordinates(line)
        ),
        Geometry::Polygon(polygon) => {
            let inner: String = polygon
                .interiors()
                .iter()
                .map(|line| ring("innerBoundaryIs", line))
                .collect();
            format!(
                "<Polygon>{}{inner}</Polygon>",
                ring("outerBoundaryIs", polygon.exterior())
            )
        }
        Geometry::MultiPoint(many) => multi(many.iter().map(|one| kml_geometry(&Geometry::Point(*one))).collect()),
        Geometry::MultiLineString(many) => multi(
            many.iter()
                .map(|one| kml_geometry(&Geometry::LineString(one.clone())))
                .collect(),
        ),
        Geometry::MultiPolygon(many) => multi(
            many.iter()
                .map(|one| kml_geometry(&Geometry::Polygon(one.clone())))
                .collect(),
        ),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_a_spreadsheet_would_run_is_a_text_in_a_table() {
        for formula in [
            "=1+1",
            "@SUM(1+1)*cmd|0",
            "+1234",
            "-2+3",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1",
        ] {
            assert_eq!(harmless_cell(formula.to_owned()), format!("'{formula}"));
        }
        for text in ["", "Kirkuk", "هجوم", "a=1", "'=1", "2021-12-03"] {
            assert_eq!(harmless_cell(text.to_owned()), text);
        }
    }
}
