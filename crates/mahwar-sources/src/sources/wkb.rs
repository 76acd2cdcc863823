//! Well-known binary of all kinds of geometry: ISO and extended, either byte order; heights and measures are left out.

use geo::{Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

/// How deep collections may be nested.
const MAX_DEPTH: usize = 8;

/// Reads one geometry; an empty point is `None`.
///
/// # Errors
/// A blob that ends early, an unknown kind.
pub fn read(bytes: &[u8]) -> Result<Option<Geometry<f64>>, String> {
    Bytes {
        rest: bytes,
        little: true,
    }
    .geometry(0)
}

/// True if a geometry has heights, by its head.
pub fn has_heights(bytes: &[u8]) -> bool {
    let code = match bytes {
        [0, code @ ..] => code.first_chunk().map(|code| u32::from_be_bytes(*code)),
        [1, code @ ..] => code.first_chunk().map(|code| u32::from_le_bytes(*code)),
        _ => None,
    };
    code.is_some_and(|code| code >> 31 == 1 || matches!((code & 0x0fff_ffff) / 1000, 1 | 3))
}

/// Well-known binary of the blob of a GeoPackage.
pub fn body_of_geopackage(blob: &[u8]) -> Option<&[u8]> {
    let envelope = match blob.get(3)? >> 1 & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        _ => 64,
    };
    blob.get(8 + envelope..)
}

/// Reads the blob of a GeoPackage (section 2.1.3 of the standard), which has a header before well-known binary.
///
/// # Errors
/// As [`read`], and a header that is none.
pub fn read_geopackage(blob: &[u8]) -> Result<Option<Geometry<f64>>, String> {
    let Some([b'G', b'P', _version, flags]) = blob.get(..4) else {
        return Err("the geometry does not begin with GP as the GeoPackage standard says".to_owned());
    };
    let envelope = match flags >> 1 & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => return Err(format!("the geometry has an envelope of unknown kind {other}")),
    };
    if flags >> 4 & 1 == 1 {
        return Ok(None);
    }
    read(blob.get(8 + envelope..).ok_or("the geometry ends early")?)
}

struct Bytes<'a> {
    rest: &'a [u8],
    little: bool,
}

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (bytes, rest) = self.rest.split_first_chunk::<N>().ok_or("the geometry ends early")?;
        self.rest = rest;
        let mut bytes = *bytes;
        if !self.little {
            bytes.reverse();
        }
        Ok(bytes)
    }

    fn number(&mut self) -> Result<u32, String> {
        Ok(u32::from_le_bytes(self.take()?))
    }

    /// A count of parts that have at least this many bytes each.
    fn count(&mut self, least: usize) -> Result<usize, String> {
        let count = self.number()? as usize;
        match count.checked_mul(least) {
            Some(bytes) if bytes <= self.rest.len() => Ok(count),
            _ => Err(format!("the geometry says that {count} parts follow, and ends before")),
        }
    }

    /// The kind of the geometry that begins here, and the numbers of a corner.
    fn head(&mut self) -> Result<(u32, usize), String> {
        self.little = match self.take::<1>()?[0] {
            0 => false,
            1 => true,
            other => return Err(format!("the geometry has the byte order {other}; 0 and 1 are known")),
        };
        let code = self.number()?;
        // ISO adds 1000 for z, 2000 for m; the extended form sets the two highest bits, and the third for a system.
        let plain = code & 0x0fff_ffff;
        let iso = plain / 1000;
        let z = iso == 1 || iso == 3 || code >> 31 == 1;
        let m = iso == 2 || iso == 3 || code >> 30 & 1 == 1;
        if code >> 29 & 1 == 1 {
            self.number()?;
        }
        Ok((plain % 1000, 2 + usize::from(z) + usize::from(m)))
    }

    fn geometry(&mut self, depth: usize) -> Result<Option<Geometry<f64>>, String> {
        if depth > MAX_DEPTH {
            return Err(format!(
                "the geometry has more than {MAX_DEPTH} collections in one another"
            ));
        }
        let (kind, width) = self.head()?;
        Ok(Some(match kind {
            1 => {
                let at = self.corner(width)?;
                // An empty point is written as two numbers that are none.
                if at.x.is_nan() && at.y.is_nan() {
                    return Ok(None);
                }
                Geometry::Point(Point(at))
            }
            2 => Geometry::LineString(self.line(width)?),
            3 => Geometry::Polygon(self.polygon(width)?),
            4 => Geometry::MultiPoint(MultiPoint(self.parts(depth, |part| match part {
                Geometry::Point(point) => Some(point),
                _ => None,
            })?)),
            5 => Geometry::MultiLineString(MultiLineString(self.parts(depth, |part| match part {
                Geometry::LineString(line) => Some(line),
                _ => None,
            })?)),
            6 => Geometry::MultiPolygon(MultiPolygon(self.parts(depth, |part| match part {
                Geometry::Polygon(polygon) => Some(polygon),
                _ => None,
            })?)),
            7 => Geometry::GeometryCollection(GeometryCollection(self.parts(depth, Some)?)),
            8..=14 => {
                return Err(format!(
                    "the geometry has curves (kind {kind}), which are not read; draw them with straight edges: ogr2ogr -nlt CONVERT_TO_LINEAR OUT IN"
                ));
            }
            other => {
                return Err(format!(
                    "the geometry is of kind {other}; points, lines and areas are known (1 to 7)"
                ));
            }
        }))
    }

    fn parts<T>(&mut self, depth: usize, part: impl Fn(Geometry<f64>) -> Option<T>) -> Result<Vec<T>, String> {
        let mut parts = Vec::new();
        for _ in 0..self.count(5)? {
            if let Some(geometry) = self.geometry(depth + 1)? {
                parts.push(part(geometry).ok_or("a part of the geometry is of another kind than the whole")?);
            }
        }
        Ok(parts)
    }

    fn polygon(&mut self, width: usize) -> Result<Polygon<f64>, String> {
        let mut rings = Vec::new();
        for _ in 0..self.count(4)? {
            rings.push(self.line(width)?);
        }
        let mut rings = rings.into_iter();
        let shell = rings.next().unwrap_or(LineString(Vec::new()));
        Ok(Polygon::new(shell, rings.collect()))
    }

    fn line(&mut self, width: usize) -> Result<LineString<f64>, String> {
        let count = self.count(width * 8)?;
        let corners = (0..count).map(|_| self.corner(width));
        corners.collect::<Result<Vec<_>, String>>().map(LineString)
    }

    fn corner(&mut self, width: usize) -> Result<Coord<f64>, String> {
        let mut corner = [0.0; 4];
        for value in &mut corner[..width] {
            *value = f64::from_le_bytes(self.take()?);
        }
        Ok(Coord {
            x: corner[0],
            y: corner[1],
        })
    }
}

/// The bytes of a text in hexadecimal digits, as PostGIS prints geometries; `None` for another text.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    if text.len() < 10 || !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    let pairs = (0..text.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn geometries_of_postgis_are_read() {
        // SELECT ST_AsEWKB('SRID=4326;POINT Z (43.5 35.25 300)'), ST_AsBinary('MULTIPOINT(1 2,3 4)', 'XDR')
        let point = unhex("01010000A0E61000000000000000C045400000000000A041400000000000C07240").unwrap();
        assert_eq!(read(&point), Ok(Some(Geometry::Point(Point::new(43.5, 35.25)))));
        let points = unhex(
            "00000000040000000200000000013FF0000000000000400000000000000000000000014008000000000000401000000000000 0"
                .replace(' ', "")
                .as_str(),
        )
        .unwrap();
        let expected = MultiPoint(vec![Point::new(1.0, 2.0), Point::new(3.0, 4.0)]);
        assert_eq!(read(&points), Ok(Some(Geometry::MultiPoint(expected))));
        let empty = unhex("0101000000000000000000F87F000000000000F87F").unwrap();
        assert_eq!(read(&empty), Ok(None));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = read(&bytes);
            let _ = read_geopackage(&bytes);
        }
    }
}
