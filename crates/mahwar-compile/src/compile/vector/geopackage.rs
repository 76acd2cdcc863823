//! GeoPackages of polygons in WGS 84: SQLite tables with geometries as well-known binary.

use super::{collection, feature};
use crate::compile::CompileError;
use geo::{Coord, LineString, MultiPolygon, Polygon};
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use serde_json::{Map, Value};
use std::path::Path;

/// The tables of features in a GeoPackage, by name.
///
/// # Errors
/// A file that is no GeoPackage.
pub fn tables(path: &Path) -> Result<Vec<String>, CompileError> {
    let wrong = |error: rusqlite::Error| CompileError::file(path, format!("not a GeoPackage: {error}"));
    let database = open(path).map_err(wrong)?;
    let mut query = database
        .prepare("SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY table_name")
        .map_err(wrong)?;
    let names = query.query_map([], |row| row.get(0)).map_err(wrong)?;
    names.collect::<Result<_, _>>().map_err(wrong)
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

/// Reads one table as GeoJSON.
///
/// # Errors
/// A broken file, another reference system than WGS 84, a geometry that is no polygon, with the row.
pub fn read(path: &Path, table: &str) -> Result<String, CompileError> {
    let wrong = |error: rusqlite::Error| CompileError::file(path, format!("table {table}: {error}"));
    let database = open(path).map_err(wrong)?;
    let (column, system): (String, i64) = database
        .query_row(
            "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?1",
            [table],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(wrong)?;
    if system != 4326 {
        let what = format!("table {table} is in reference system {system}; accepted: 4326 (WGS 84)");
        return Err(CompileError::file(path, what));
    }
    let quoted = table.replace('"', "\"\"");
    let mut query = database
        .prepare(&format!("SELECT * FROM \"{quoted}\""))
        .map_err(wrong)?;
    let names: Vec<String> = query.column_names().map(str::to_owned).collect();
    let mut rows = query.query([]).map_err(wrong)?;
    let mut features = Vec::new();
    while let Some(row) = rows.next().map_err(wrong)? {
        let number = features.len() + 1;
        let mut properties = Map::new();
        let mut geometry = None;
        for (at, name) in names.iter().enumerate() {
            let value = row.get_ref(at).map_err(wrong)?;
            if *name == column {
                geometry =
                    polygons(value).map_err(|what| CompileError::row(path, number, format!("{table}: {what}")))?;
            } else {
                properties.insert(name.clone(), plain(value));
            }
        }
        features.push(feature(properties, geometry));
    }
    Ok(collection(features))
}

fn plain(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => Value::from(number),
        ValueRef::Real(number) => Value::from(number),
        ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text)),
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    }
}

/// A geometry blob: the header of the GeoPackage standard (section 2.1.3), then well-known binary.
fn polygons(value: ValueRef<'_>) -> Result<Option<MultiPolygon<f64>>, String> {
    let blob = match value {
        ValueRef::Null => return Ok(None),
        ValueRef::Blob(blob) => blob,
        _ => return Err("the geometry is no blob".to_owned()),
    };
    let Some([b'G', b'P', _version, flags]) = blob.get(..4) else {
        return Err("the geometry does not begin with GP".to_owned());
    };
    let envelope = match flags >> 1 & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => return Err(format!("the geometry has an envelope of unknown kind {other}")),
    };
    let is_empty = flags >> 4 & 1 == 1;
    if is_empty {
        return Ok(None);
    }
    let rest = blob.get(8 + envelope..).ok_or("the geometry ends early")?;
    Bytes { rest, little: true }.geometry().map(Some)
}

/// Well-known binary, read from the front.
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

    /// The kind of the geometry that begins here (3 polygon, 6 many) and its coordinates by corner.
    fn head(&mut self) -> Result<(u32, usize), String> {
        self.little = self.take::<1>()?[0] == 1;
        let code = self.number()?;
        // ISO adds 1000 for z, 2000 for m; the extended form sets the two highest bits.
        let plain = code & 0x0fff_ffff;
        let iso = plain / 1000;
        let z = iso == 1 || iso == 3 || code >> 31 == 1;
        let m = iso == 2 || iso == 3 || code >> 30 & 1 == 1;
        Ok((plain % 1000, 2 + usize::from(z) + usize::from(m)))
    }

    fn geometry(&mut self) -> Result<MultiPolygon<f64>, String> {
        match self.head()? {
            (3, width) => Ok(MultiPolygon(vec![self.polygon(width)?])),
            (6, _) => {
                let count = self.number()?;
                let polygons = (0..count).map(|_| match self.head()? {
                    (3, width) => self.polygon(width),
                    (kind, _) => Err(format!("a part of the geometry is of kind {kind}, not a polygon")),
                });
                polygons.collect::<Result<_, _>>().map(MultiPolygon)
            }
            (kind, _) => Err(format!("the geometry is of kind {kind}, not a polygon")),
        }
    }

    fn polygon(&mut self, width: usize) -> Result<Polygon<f64>, String> {
        let count = self.number()?;
        let rings = (0..count).map(|_| self.ring(width));
        let mut rings = rings.collect::<Result<Vec<_>, _>>()?.into_iter();
        let shell = rings.next().ok_or("a polygon has no ring")?;
        Ok(Polygon::new(shell, rings.collect()))
    }

    fn ring(&mut self, width: usize) -> Result<LineString<f64>, String> {
        let count = self.number()?;
        let corners = (0..count).map(|_| {
            let mut corner = [0.0; 4];
            for value in &mut corner[..width] {
                *value = f64::from_le_bytes(self.take()?);
            }
            Ok(Coord {
                x: corner[0],
                y: corner[1],
            })
        });
        corners.collect::<Result<Vec<_>, String>>().map(LineString)
    }
}
