//! Well-known binary (OGC 06-103r4), little-endian, for the formats that store geometry as bytes.

use geo::{Geometry, LineString, Polygon};

/// Appends a geometry.
pub(super) fn append(geometry: &Geometry<f64>, bytes: &mut Vec<u8>) {
    let head = |bytes: &mut Vec<u8>, kind: u32| {
        bytes.push(1);
        bytes.extend(kind.to_le_bytes());
    };
    match geometry {
        Geometry::Point(point) => {
            head(bytes, 1);
            coordinates(std::iter::once(&point.0), bytes);
        }
        Geometry::LineString(line) => {
            head(bytes, 2);
            ring(line, bytes);
        }
        Geometry::Polygon(polygon) => {
            head(bytes, 3);
            rings(polygon, bytes);
        }
        Geometry::MultiPoint(many) => {
            head(bytes, 4);
            count(many.0.len(), bytes);
            for one in many {
                head(bytes, 1);
                coordinates(std::iter::once(&one.0), bytes);
            }
        }
        Geometry::MultiLineString(many) => {
            head(bytes, 5);
            count(many.0.len(), bytes);
            for one in many {
                head(bytes, 2);
                ring(one, bytes);
            }
        }
        Geometry::MultiPolygon(many) => {
            head(bytes, 6);
            count(many.0.len(), bytes);
            for one in many {
                head(bytes, 3);
                rings(one, bytes);
            }
        }
        _ => {
            head(bytes, 7);
            count(0, bytes);
        }
    }
}

fn rings(polygon: &Polygon<f64>, bytes: &mut Vec<u8>) {
    count(polygon.interiors().len() + 1, bytes);
    ring(polygon.exterior(), bytes);
    polygon.interiors().iter().for_each(|inner| ring(inner, bytes));
}

fn ring(line: &LineString<f64>, bytes: &mut Vec<u8>) {
    count(line.0.len(), bytes);
    coordinates(line.coords(), bytes);
}

fn coordinates<'c>(all: impl Iterator<Item = &'c geo::Coord<f64>>, bytes: &mut Vec<u8>) {
    for coord in all {
        bytes.extend(coord.x.to_le_bytes());
        bytes.extend(coord.y.to_le_bytes());
    }
}

/// Counts in WKB are 32 bits; a geometry with more parts would not fit into memory either.
fn count(number: usize, bytes: &mut Vec<u8>) {
    bytes.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
}
