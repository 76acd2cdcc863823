//! Writes features as GeoJSON straight into bytes.

use super::crs::Crs;
use crate::{
    language::Language,
    layers::{FeatureRef, Layer, ValueRef, Values},
};
use geo::{Coord, Geometry, LineString, Polygon};

/// Decimals of degrees: 1 cm.
const DEGREE_DECIMALS: u32 = 7;
/// Decimals of metres: 1 mm.
const METRE_DECIMALS: u32 = 3;

/// Writes features of one layer: keys are escaped once.
#[derive(Debug)]
pub struct Writer<'l> {
    layer: &'l Layer,
    language: Language,
    crs: Crs,
    /// Positions of the fields to write, each with `"key":`.
    fields: Vec<(usize, String)>,
}

impl<'l> Writer<'l> {
    /// A writer for the fields at these positions; for all when absent.
    pub fn new(layer: &'l Layer, language: Language, crs: Crs, fields: Option<&[usize]>) -> Self {
        let key = |position: usize| {
            let mut key = Vec::new();
            write_text(&mut key, &layer.fields[position].name);
            key.push(b':');
            (position, String::from_utf8(key).unwrap_or_default())
        };
        let fields = match fields {
            Some(chosen) => chosen.iter().copied().map(key).collect(),
            None => (0..layer.fields.len()).map(key).collect(),
        };
        Self {
            layer,
            language,
            crs,
            fields,
        }
    }

    /// Appends a feature; `members` are written before its end, each with a comma before it.
    pub fn feature(&self, out: &mut Vec<u8>, feature: FeatureRef<'_>, members: &str) {
        out.extend_from_slice(br#"{"type":"Feature","id":"#);
        write_text(out, feature.id());
        out.extend_from_slice(br#","geometry":"#);
        match feature.geometry() {
            Some(geometry) => write_geometry(out, geometry, self.crs),
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(br#","properties":{"#);
        self.properties(out, feature.index());
        out.push(b'}');
        out.extend_from_slice(members.as_bytes());
        out.push(b'}');
    }

    fn properties(&self, out: &mut Vec<u8>, feature: u32) {
        let layer = self.layer;
        let plain = layer.naming().plain;
        for (nth, (position, key)) in self.fields.iter().enumerate() {
            if nth > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key.as_bytes());
            let source = if plain == Some(*position) {
                layer.name_code(feature, self.language)
            } else {
                layer.columns()[*position].code(feature).map(|code| (*position, code))
            };
            let Some((column, code)) = source else {
                out.extend_from_slice(b"null");
                continue;
            };
            let column = &layer.columns()[column];
            match column.values() {
                Values::Text(pool) if !pool.escapes() => {
                    out.push(b'"');
                    out.extend_from_slice(pool.get(code).as_bytes());
                    out.push(b'"');
                }
                _ => write_value(out, column.value(code)),
            }
        }
    }
}

/// Appends a value as JSON.
pub fn write_value(out: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => out.extend_from_slice(b"null"),
        ValueRef::Text(text) => write_text(out, text),
        ValueRef::Json(json) => out.extend_from_slice(json.as_bytes()),
        ValueRef::Integer(number) => out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
        ValueRef::Boolean(truth) => out.extend_from_slice(if truth { b"true" } else { b"false" }),
        ValueRef::Number(number) => {
            // serde_json writes the shortest text that reads back the same, and `null` for what is no number.
            let _ = serde_json::to_writer(out, &number);
        }
    }
}

/// Appends a JSON string.
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(out, text);
}

/// Appends a GeoJSON geometry in a coordinate reference system.
pub fn write_geometry(out: &mut Vec<u8>, geometry: &Geometry<f64>, crs: Crs) {
    // The common case is told apart once, not at each point.
    if crs == Crs::Crs84 {
        geometry_with(out, geometry, &|out: &mut Vec<u8>, at: &Coord<f64>| {
            write_position(out, [at.x, at.y], DEGREE_DECIMALS);
        });
    } else {
        let decimals = if crs.is_geographic() {
            DEGREE_DECIMALS
        } else {
            METRE_DECIMALS
        };
        geometry_with(out, geometry, &|out: &mut Vec<u8>, at: &Coord<f64>| {
            write_position(out, crs.project([at.x, at.y]), decimals);
        });
    }
}

fn geometry_with<W: Fn(&mut Vec<u8>, &Coord<f64>)>(out: &mut Vec<u8>, geometry: &Geometry<f64>, write: &W) {
    let begin = |out: &mut Vec<u8>, kind: &str| {
        out.extend_from_slice(b"{\"type\":\"");
        out.extend_from_slice(kind.as_bytes());
        out.extend_from_slice(b"\",\"coordinates\":");
    };
    match geometry {
        Geometry::Point(point) => {
            begin(out, "Point");
            write(out, &point.0);
        }
        Geometry::MultiPoint(points) => {
            begin(out, "MultiPoint");
            list(out, &points.0, |out, point| write(out, &point.0));
        }
        Geometry::Line(line) => {
            begin(out, "LineString");
            list(out, &[line.start, line.end], write);
        }
        Geometry::LineString(line) => {
            begin(out, "LineString");
            list(out, &line.0, write);
        }
        Geometry::MultiLineString(lines) => {
            begin(out, "MultiLineString");
            list(out, &lines.0, |out, line: &LineString<f64>| list(out, &line.0, write));
        }
        Geometry::Polygon(polygon) => {
            begin(out, "Polygon");
            rings(out, polygon, write);
        }
        Geometry::MultiPolygon(polygons) => {
            begin(out, "MultiPolygon");
            list(out, &polygons.0, |out, polygon| rings(out, polygon, write));
        }
        Geometry::Rect(rect) => {
            begin(out, "Polygon");
            rings(out, &rect.to_polygon(), write);
        }
        Geometry::Triangle(triangle) => {
            begin(out, "Polygon");
            rings(out, &triangle.to_polygon(), write);
        }
        Geometry::GeometryCollection(members) => {
            out.extend_from_slice(br#"{"type":"GeometryCollection","geometries":"#);
            list(out, &members.0, |out, member| geometry_with(out, member, write));
        }
    }
    out.push(b'}');
}

fn list<T>(out: &mut Vec<u8>, items: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
    out.push(b'[');
    for (nth, item) in items.iter().enumerate() {
        if nth > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

/// Rings as RFC 7946 wants them: the outer one counter-clockwise, holes clockwise.
fn rings<W: Fn(&mut Vec<u8>, &Coord<f64>)>(out: &mut Vec<u8>, polygon: &Polygon<f64>, write: &W) {
    let all = std::iter::once((polygon.exterior(), true)).chain(polygon.interiors().iter().map(|ring| (ring, false)));
    out.push(b'[');
    for (nth, (ring, outer)) in all.enumerate() {
        if nth > 0 {
            out.push(b',');
        }
        if is_counter_clockwise(ring) == outer {
            list(out, &ring.0, write);
        } else {
            let turned: Vec<Coord<f64>> = ring.0.iter().rev().copied().collect();
            list(out, &turned, write);
        }
    }
    out.push(b']');
}

fn is_counter_clockwise(ring: &LineString<f64>) -> bool {
    ring.lines().map(|edge| edge.determinant()).sum::<f64>() >= 0.0
}

fn write_position(out: &mut Vec<u8>, [a, b]: [f64; 2], decimals: u32) {
    let mut digits = Digits::default();
    digits.byte(b']');
    digits.decimal(b, decimals);
    digits.byte(b',');
    digits.decimal(a, decimals);
    digits.byte(b'[');
    out.extend_from_slice(digits.written());
}

/// A short text written from its end to its start, as digits come out of a number.
struct Digits {
    bytes: [u8; Self::ROOM],
    start: usize,
}

impl Default for Digits {
    fn default() -> Self {
        Self {
            bytes: [0; Self::ROOM],
            start: Self::ROOM,
        }
    }
}

impl Digits {
    /// Room for two numbers of 19 digits, each with a sign, a point and a zero, and what is around them.
    const ROOM: usize = 48;

    fn byte(&mut self, byte: u8) {
        self.start -= 1;
        self.bytes[self.start] = byte;
    }

    fn written(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// A number with at most this many decimals (up to 9) and without zeros at the end.
    fn decimal(&mut self, value: f64, decimals: u32) {
        let scale = 10u64.pow(decimals);
        // Half away from zero, as `round` does, which is a call where the processor's own instruction cannot be relied on.
        let scaled = (value.abs() * scale as f64 + 0.5) as u64;
        let (whole, mut fraction) = (scaled / scale, (scaled % scale) as u32);
        if fraction != 0 {
            let mut left = decimals;
            while fraction % 10 == 0 {
                fraction /= 10;
                left -= 1;
            }
            for _ in 0..left {
                self.byte(b'0' + (fraction % 10) as u8);
                fraction /= 10;
            }
            self.byte(b'.');
        }
        self.whole(whole);
        if value < 0.0 && scaled != 0 {
            self.byte(b'-');
        }
    }

    fn whole(&mut self, mut number: u64) {
        loop {
            self.byte(b'0' + (number % 10) as u8);
            number /= 10;
            if number == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    fn decimal(value: f64) -> String {
        let mut digits = Digits::default();
        digits.decimal(value, 7);
        String::from_utf8(digits.written().to_vec()).unwrap()
    }

    #[test]
    fn decimals_are_short_and_exact() {
        assert_eq!(decimal(44.39), "44.39");
        assert_eq!(decimal(-0.000_000_1), "-0.0000001");
        assert_eq!(decimal(-0.000_000_01), "0");
        assert_eq!(decimal(45.0), "45");
        assert_eq!(decimal(35.123_456_7), "35.1234567");
        assert_eq!(decimal(-179.999_999_99), "-180");
        assert_eq!(decimal(44.000_01), "44.00001");
        assert_eq!(decimal(0.5), "0.5");
        assert_eq!(decimal(-0.000_012_3), "-0.0000123");
    }

    #[test]
    fn rings_turn_as_rfc_7946_says() {
        let clockwise = polygon![(x: 0.0, y: 0.0), (x: 0.0, y: 1.0), (x: 1.0, y: 1.0), (x: 0.0, y: 0.0)];
        let mut out = Vec::new();
        write_geometry(&mut out, &clockwise.into(), Crs::Crs84);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,1],[0,0]]]}"#);
    }
}
