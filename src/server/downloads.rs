//! Downloads of layers in text formats, with the filters of `items` and HTTP ranges.

use super::{
    ask::{Ask, Segments, Shared, layer_of, view_of},
    crs::Crs,
    features::{append_members, convention_of},
    geojson::{Writer, write_decimal},
    operations as o,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    respond::{Answer, hash, media},
    selection::{Matched, Selection, chosen_fields},
};
use crate::{
    language::Language,
    layers::{FeatureRef, Layer, ValueRef},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use geo::{BoundingRect, Coord, Geometry, LineString, Polygon};
use serde_json::{Value, json};

/// What a layer can be downloaded as.
const EXTENSIONS: [(&str, &str); 3] = [
    ("geojson", media::GEOJSON),
    ("geojsonl", "application/geo+json-seq"),
    ("csv", "text/csv; charset=utf-8"),
];

/// `/downloads/{layer}.{extension}`
pub async fn download(State(app): Shared, Segments(file): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    let (id, extension) = file.split_once('.').unwrap_or((&file, ""));
    let found = EXTENSIONS.iter().find(|(known, _)| *known == extension);
    let Some((extension, media)) = found else {
        let known: Vec<&str> = EXTENSIONS.iter().map(|(known, _)| *known).collect();
        return Err(Problem::not_found(format!(
            "there is no download {:?}; formats are {}",
            echo(&file),
            known.join(", ")
        )));
    };
    let snapshot = app.snapshot();
    let any = layer_of(snapshot.default_view(), id)?.layer();
    let query = Query::read_with_fields(ask.uri.query(), o::DOWNLOAD, |name| any.field(name))?;
    let view = view_of(&snapshot, &query)?;
    let layer = layer_of(view, id)?.layer();
    let language = ask.language(&query);
    let offered = Crs::offered(layer.bounds());
    let crs = Crs::asked(&query, &p::CRS, &offered)?;
    let selection = Selection::read(&query, layer, &offered, language)?;
    let fields = chosen_fields(&query, layer)?;
    let limit = query
        .integer(&p::DOWNLOAD_LIMIT)
        .map_or(usize::MAX, |limit| limit as usize);
    let matched = selection.select(layer);
    let table = Table {
        layer,
        matched: &matched,
        limit,
        language,
        crs,
        fields: fields.as_deref(),
    };
    let body = match *extension {
        "csv" => table.csv().map_err(Problem::internal)?,
        "geojsonl" => table.lines(),
        _ => table.collection(&convention_of(view, &app, layer, language)),
    };
    let tag = hash(ask.uri.to_string().as_bytes()) ^ layer.revision ^ language as u64;
    // A file name says whose view and which language it is.
    let name = format!("{id}-{}-{language}.{extension}", view.worldview.id);
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")).map_err(Problem::internal)?;
    Ok(send(body, media, tag, disposition, &ask.headers))
}

/// The whole body, compressed as asked, or the range of it that is asked.
fn send(body: Vec<u8>, media: &'static str, tag: u64, disposition: HeaderValue, request: &HeaderMap) -> Response {
    let etag = format!("\"{tag:016x}\"");
    let range = request.get(header::RANGE).and_then(|range| range.to_str().ok());
    let current = request
        .get(header::IF_RANGE)
        .is_none_or(|condition| condition.as_bytes() == etag.as_bytes());
    let length = body.len();
    let mut response = match range.filter(|_| current).map(|range| range_of(range, length)) {
        None | Some(Asked::Everything) => {
            let mut response = Answer::new(media, body).tagged(tag).send(request);
            if !response.headers().contains_key(header::CONTENT_ENCODING)
                && let Ok(etag) = HeaderValue::try_from(etag)
            {
                response.headers_mut().insert(header::ETAG, etag);
            }
            response
        }
        Some(Asked::Part(first, last)) => {
            let mut response = Response::new(Body::from(Bytes::from(body).slice(first..=last)));
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
            if let (Ok(range), Ok(etag)) = (
                HeaderValue::try_from(format!("bytes {first}-{last}/{length}")),
                HeaderValue::try_from(etag),
            ) {
                headers.insert(header::CONTENT_RANGE, range);
                headers.insert(header::ETAG, etag);
            }
            response
        }
        Some(Asked::Nothing) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            if let Ok(range) = HeaderValue::try_from(format!("bytes */{length}")) {
                response.headers_mut().insert(header::CONTENT_RANGE, range);
            }
            response
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if response.status() != StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

#[derive(Debug, PartialEq)]
enum Asked {
    Everything,
    Part(usize, usize),
    Nothing,
}

/// One range of bytes; several, or what cannot be read, count as all (RFC 9110, 14.2).
fn range_of(range: &str, length: usize) -> Asked {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Asked::Everything;
    };
    let (first, last) = (first.trim(), last.trim());
    match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), _) if last.is_empty() && first < length => Asked::Part(first, length - 1),
        (Ok(first), Ok(last)) if first <= last && first < length => Asked::Part(first, last.min(length - 1)),
        (Ok(first), Ok(last)) if first <= last => Asked::Nothing,
        (Ok(_), _) if last.is_empty() => Asked::Nothing,
        (_, Ok(last)) if first.is_empty() && last > 0 && length > 0 => {
            Asked::Part(length.saturating_sub(last), length - 1)
        }
        (_, Ok(_)) if first.is_empty() => Asked::Nothing,
        _ => Asked::Everything,
    }
}

/// What is to be written.
struct Table<'t> {
    layer: &'t Layer,
    matched: &'t Matched,
    limit: usize,
    language: Language,
    crs: Crs,
    fields: Option<&'t [usize]>,
}

impl Table<'_> {
    fn features(&self) -> impl Iterator<Item = FeatureRef<'_>> {
        self.matched.page(0, self.limit).map(|index| self.layer.at(index))
    }

    fn collection(&self, convention: &Value) -> Vec<u8> {
        let writer = Writer::new(self.layer, self.language, self.crs, self.fields);
        let mut body = br#"{"type":"FeatureCollection","features":["#.to_vec();
        for (nth, feature) in self.features().enumerate() {
            body.extend_from_slice(if nth > 0 { b",\n" } else { b"\n" });
            writer.feature(&mut body, feature, "");
        }
        body.extend_from_slice(b"\n]");
        let mut members = convention.clone();
        if self.crs != Crs::Crs84 {
            // What GDAL and QGIS read, since RFC 7946 knows CRS84 only.
            members["crs"] = json!({"type": "name", "properties": {"name": self.crs.uri()}});
        }
        append_members(&mut body, &members);
        body
    }

    fn lines(&self) -> Vec<u8> {
        let writer = Writer::new(self.layer, self.language, self.crs, self.fields);
        let mut body = Vec::new();
        for feature in self.features() {
            writer.feature(&mut body, feature, "");
            body.push(b'\n');
        }
        body
    }

    fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let all: Vec<usize> = (0..self.layer.fields.len()).collect();
        let fields = self.fields.unwrap_or(&all);
        let mut writer = csv::Writer::from_writer(Vec::new());
        let names = fields.iter().map(|&field| self.layer.fields[field].name.as_str());
        writer.write_record(["id"].into_iter().chain(names).chain(["lon", "lat", "wkt"]))?;
        for feature in self.features() {
            let mut record = vec![feature.id().to_owned()];
            record.extend(
                fields
                    .iter()
                    .map(|&field| text_of(feature.field_value(field, self.language))),
            );
            let middle = feature.geometry().and_then(|geometry| middle(feature, geometry));
            for part in 0..2 {
                record.push(middle.map_or(String::new(), |at| decimal(at[part], 7)));
            }
            record.push(
                feature
                    .geometry()
                    .map_or(String::new(), |geometry| wkt(geometry, self.crs)),
            );
            writer.write_record(&record)?;
        }
        writer
            .into_inner()
            .map_err(|error| csv::Error::from(error.into_error()))
    }
}

/// A cell; what a spreadsheet would take for a formula gets an apostrophe before it.
fn text_of(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Text(text) | ValueRef::Json(text) => match text.as_bytes().first() {
            Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r') => format!("'{text}"),
            _ => text.to_owned(),
        },
        ValueRef::Number(number) => number.to_string(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Boolean(truth) => truth.to_string(),
    }
}

/// Where a row stands: its label point, or the middle of its box.
fn middle(feature: FeatureRef<'_>, geometry: &Geometry<f64>) -> Option<[f64; 2]> {
    if let Some(label) = feature.label() {
        return Some(label);
    }
    let center = geometry.bounding_rect()?.center();
    Some([center.x, center.y])
}

fn decimal(value: f64, decimals: u32) -> String {
    let mut out = Vec::new();
    write_decimal(&mut out, value, decimals);
    String::from_utf8(out).unwrap_or_default()
}

/// Well-known text.
pub fn wkt(geometry: &Geometry<f64>, crs: Crs) -> String {
    let mut out = String::new();
    write_wkt(&mut out, geometry, crs);
    out
}

fn write_wkt(out: &mut String, geometry: &Geometry<f64>, crs: Crs) {
    let position = |out: &mut String, at: &Coord<f64>| {
        let [a, b] = crs.project([at.x, at.y]);
        let decimals = if crs.is_geographic() { 7 } else { 3 };
        out.push_str(&decimal(a, decimals));
        out.push(' ');
        out.push_str(&decimal(b, decimals));
    };
    let line = |out: &mut String, line: &LineString<f64>| list(out, &line.0, position);
    let polygon = |out: &mut String, polygon: &Polygon<f64>| {
        let rings: Vec<&LineString<f64>> = std::iter::once(polygon.exterior()).chain(polygon.interiors()).collect();
        list(out, &rings, |out, ring| line(out, ring));
    };
    match geometry {
        Geometry::Point(point) => {
            out.push_str("POINT(");
            position(out, &point.0);
            out.push(')');
        }
        Geometry::MultiPoint(points) => {
            out.push_str("MULTIPOINT");
            list(out, &points.0, |out, point| list(out, &[point.0], position));
        }
        Geometry::Line(segment) => {
            out.push_str("LINESTRING");
            list(out, &[segment.start, segment.end], position);
        }
        Geometry::LineString(own) => {
            out.push_str("LINESTRING");
            line(out, own);
        }
        Geometry::MultiLineString(lines) => {
            out.push_str("MULTILINESTRING");
            list(out, &lines.0, line);
        }
        Geometry::Polygon(own) => {
            out.push_str("POLYGON");
            polygon(out, own);
        }
        Geometry::MultiPolygon(polygons) => {
            out.push_str("MULTIPOLYGON");
            list(out, &polygons.0, polygon);
        }
        Geometry::Rect(rect) => write_wkt(out, &rect.to_polygon().into(), crs),
        Geometry::Triangle(triangle) => write_wkt(out, &triangle.to_polygon().into(), crs),
        Geometry::GeometryCollection(members) => {
            out.push_str("GEOMETRYCOLLECTION");
            list(out, &members.0, |out, member| write_wkt(out, member, crs));
        }
    }
}

fn list<T>(out: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    out.push('(');
    for (nth, item) in items.iter().enumerate() {
        if nth > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(')');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_refused_or_ignored() {
        assert_eq!(range_of("bytes=0-9", 100), Asked::Part(0, 9));
        assert_eq!(range_of("bytes=90-", 100), Asked::Part(90, 99));
        assert_eq!(range_of("bytes=-10", 100), Asked::Part(90, 99));
        assert_eq!(range_of("bytes=50-500", 100), Asked::Part(50, 99));
        assert_eq!(range_of("bytes=100-", 100), Asked::Nothing);
        assert_eq!(range_of("bytes=100-200", 100), Asked::Nothing);
        assert_eq!(range_of("bytes=0-1,5-6", 100), Asked::Everything);
        assert_eq!(range_of("bytes=9-0", 100), Asked::Everything);
        assert_eq!(range_of("lines=1-2", 100), Asked::Everything);
        assert_eq!(range_of("bytes=-5", 0), Asked::Nothing);
    }
}
