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
            Some(geometry) => write_geometry(out, &geometry, self.crs),
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
        for (nth, (position, key)) in self.fields.iter().enumerate() {
            if nth > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key.as_bytes());
            let Some((column, code)) = layer.value_code(feature, *position, self.language) else {
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
            // serde_json writes the shortest text that reads back the same, and `null` for values that are no number.
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
            write_position::<DEGREE_DECIMALS>(out, [at.x, at.y]);
        });
    } else if crs.is_geographic() {
        geometry_with(out, geometry, &|out: &mut Vec<u8>, at: &Coord<f64>| {
            write_position::<DEGREE_DECIMALS>(out, crs.project([at.x, at.y]));
        });
    } else {
        geometry_with(out, geometry, &|out: &mut Vec<u8>, at: &Coord<f64>| {
            write_position::<METRE_DECIMALS>(out, crs.project([at.x, at.y]));
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

/// Appends two numbers with at most this many decimals: a constant, since dividing by a constant is multiplying.
fn write_position<const DECIMALS: u32>(out: &mut Vec<u8>, [a, b]: [f64; 2]) {
    let mut text = Position::default();
    text.byte(b'[');
    text.decimal::<DECIMALS>(a);
    text.byte(b',');
    text.decimal::<DECIMALS>(b);
    text.byte(b']');
    // Copies the whole buffer, since a copy of a known length is a few instructions, then keeps the written part.
    let end = out.len() + text.length;
    out.extend_from_slice(&text.bytes);
    out.truncate(end);
}

/// The text of one position.
struct Position {
    bytes: [u8; Self::ROOM],
    length: usize,
}

impl Default for Position {
    fn default() -> Self {
        Self {
            bytes: [0; Self::ROOM],
            length: 0,
        }
    }
}

impl Position {
    /// Bytes for two numbers, each of a sign, ten digits, a point and eight decimals, and for the signs around them.
    const ROOM: usize = 48;
    /// Decimals that are written before zeros at the end come off.
    const DECIMALS: u32 = 8;
    /// Above it a number has more than ten digits; no coordinate on Earth does in any unit.
    const GREATEST: f64 = 9_999_999_999.0;

    fn byte(&mut self, byte: u8) {
        self.bytes[self.length] = byte;
        self.length += 1;
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.bytes[self.length..self.length + bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }

    /// A number with at most this many decimals (up to 8) and without zeros at the end.
    fn decimal<const DECIMALS: u32>(&mut self, value: f64) {
        let scale = const { 10u64.pow(DECIMALS) };
        // Half away from zero, as `round` does, which is a call where the processor's own instruction cannot be relied on.
        let scaled = (value.abs().min(Self::GREATEST) * scale as f64 + 0.5) as u64;
        if value < 0.0 && scaled != 0 {
            self.byte(b'-');
        }
        self.bytes(itoa::Buffer::new().format(scaled / scale).as_bytes());
        let fraction = (scaled % scale) as u32 * const { 10u32.pow(Self::DECIMALS - DECIMALS) };
        if fraction == 0 {
            return;
        }
        self.byte(b'.');
        let digits = eight_digits(fraction);
        self.bytes(&(digits + ZEROS).to_le_bytes());
        self.length -= digits.leading_zeros() as usize / 8;
    }
}

/// Eight times the digit nought.
const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);

/// The eight digits of a number below a hundred million, the first in the lowest byte: halves, quarters and eighths of
/// the number side by side, each divided by a multiplication (Khuong, "How to print integers really fast", 2017).
fn eight_digits(number: u32) -> u64 {
    let number = u64::from(number);
    let fours = (number / 10_000) | (number % 10_000) << 32;
    let hundreds = ((fours * 10_486) >> 20) & 0x7F_0000_007F;
    let twos = hundreds | (fours - 100 * hundreds) << 16;
    let tens = ((twos * 103) >> 10) & 0x0F_000F_000F_000F;
    tens | (twos - 10 * tens) << 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;
    use proptest::prelude::*;

    fn decimal(value: f64) -> String {
        let mut text = Position::default();
        text.decimal::<7>(value);
        String::from_utf8(text.bytes[..text.length].to_vec()).unwrap()
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
        assert_eq!(decimal(4_123_456.5), "4123456.5");
        assert_eq!(decimal(-1e300), "-9999999999");
    }

    proptest! {
        #[test]
        fn eight_digits_are_those_of_the_number(number in 0u32..100_000_000) {
            let digits = (eight_digits(number) + ZEROS).to_le_bytes();
            prop_assert_eq!(std::str::from_utf8(&digits).unwrap(), format!("{number:08}"));
        }

        #[test]
        fn decimals_read_back_to_half_a_step(value in -180.0f64..180.0) {
            let check = |out: &[u8], step: f64| {
                let read: [f64; 2] = serde_json::from_slice(out).unwrap();
                let half = step / 2.0 + 1e-8;
                (read[0] - value).abs() <= half && (read[1] + value * 40_000.0).abs() <= half
            };
            let (mut degrees, mut metres) = (Vec::new(), Vec::new());
            write_position::<DEGREE_DECIMALS>(&mut degrees, [value, -value * 40_000.0]);
            write_position::<METRE_DECIMALS>(&mut metres, [value, -value * 40_000.0]);
            prop_assert!(check(&degrees, 1e-7) && check(&metres, 1e-3));
        }
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
