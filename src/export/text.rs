//! The text formats: GeoJSON (RFC 7946), GeoJSON text sequences by line, CSV with WKT, KML 2.2.

use super::{ExportError, Selection, plain};
use crate::layers::FeatureRef;
use geo::{Geometry, LineString, Polygon};
use serde_json::{Map, Value, json};
use std::{fmt::Write as _, io::Write};

type Written = Result<(), ExportError>;

fn feature_json(selection: &Selection, feature: FeatureRef) -> Value {
    let properties: Map<String, Value> = selection
        .values(feature)
        .map(|(field, value)| (field.name.clone(), value))
        .collect();
    let geometry = feature.geometry().map(|geometry| geojson::Geometry::from(&**geometry));
    json!({"type": "Feature", "id": feature.id(), "geometry": geometry, "properties": properties})
}

pub(super) fn geojson(selection: &Selection, out: &mut impl Write) -> Written {
    let head = json!({
        "type": "FeatureCollection",
        "name": selection.layer.id,
        "title": selection.title(),
        "attribution": selection.layer.attribution,
        "notes": selection.notes,
    })
    .to_string();
    write!(out, "{},\"features\":[", &head[..head.len() - 1])?;
    for (number, feature) in selection.features.iter().enumerate() {
        out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &feature_json(selection, *feature)).map_err(std::io::Error::from)?;
    }
    out.write_all(b"\n]}\n")?;
    Ok(())
}

pub(super) fn geojson_lines(selection: &Selection, out: &mut impl Write) -> Written {
    for feature in &selection.features {
        serde_json::to_writer(&mut *out, &feature_json(selection, *feature)).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Columns: `id`, the fields, `lon`, `lat` (for points), `wkt`. UTF-8 with a byte order mark, so that spreadsheets read Arabic.
pub(super) fn csv(selection: &Selection, out: &mut impl Write) -> Written {
    out.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::Writer::from_writer(out);
    let fields = &selection.layer.fields;
    let header = ["id"]
        .into_iter()
        .chain(fields.iter().map(|field| field.name.as_str()))
        .chain(["lon", "lat", "wkt"]);
    writer.write_record(header).map_err(csv_error)?;
    for feature in &selection.features {
        let mut row = vec![feature.id().to_owned()];
        row.extend(selection.values(*feature).map(|(_, value)| plain(&value)));
        let geometry = feature.geometry().map(|geometry| &**geometry);
        match geometry {
            Some(Geometry::Point(point)) => row.extend([point.x().to_string(), point.y().to_string()]),
            _ => row.extend([String::new(), String::new()]),
        }
        row.push(geometry.map(wkt).unwrap_or_default());
        writer.write_record(row).map_err(csv_error)?;
    }
    writer.flush()?;
    Ok(())
}

fn csv_error(error: csv::Error) -> ExportError {
    ExportError::Io(std::io::Error::other(error))
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

pub(super) fn kml(selection: &Selection, out: &mut impl Write) -> Written {
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document id=\"{id}\">\n\
         <name>{name}</name><description>{about}</description>\n\
         <Style id=\"s\"><LineStyle><color>ff2f4fb5</color><width>2</width></LineStyle>\
         <PolyStyle><color>402f4fb5</color></PolyStyle><IconStyle><scale>0.8</scale></IconStyle></Style>\n",
        id = escape(&selection.layer.id),
        name = escape(selection.title()),
        about = escape(&selection.about()),
    )?;
    for feature in &selection.features {
        let name = feature.name(selection.language).unwrap_or_default();
        write!(
            out,
            "<Placemark id=\"{}\"><name>{}</name><styleUrl>#s</styleUrl>",
            escape(feature.id()),
            escape(name)
        )?;
        if let Some(span) = feature.time() {
            let bound = |tag: &str, at: i64| {
                let moment = jiff::Timestamp::from_millisecond(at).ok();
                moment
                    .map(|moment| format!("<{tag}>{moment}</{tag}>"))
                    .unwrap_or_default()
            };
            write!(
                out,
                "<TimeSpan>{}{}</TimeSpan>",
                bound("begin", span.start),
                bound("end", span.end)
            )?;
        }
        write!(out, "<ExtendedData>")?;
        for (field, value) in selection.values(*feature).filter(|(field, _)| field.name != "name") {
            let value = plain(&value);
            write!(
                out,
                "<Data name=\"{}\"><value>{}</value></Data>",
                escape(&field.name),
                escape(&value)
            )?;
        }
        write!(out, "</ExtendedData>")?;
        if let Some(geometry) = feature.geometry() {
            out.write_all(kml_geometry(geometry).as_bytes())?;
        }
        writeln!(out, "</Placemark>")?;
    }
    writeln!(out, "</Document></kml>")?;
    Ok(())
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

/// Text for XML: markup escaped, characters that XML 1.0 forbids left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(letter),
            control if control < ' ' || matches!(control, '\u{fffe}' | '\u{ffff}') => {}
            other => escaped.push(other),
        }
    }
    escaped
}
