//! GeoPackage: one table of features in an SQLite file.

use super::broken;
use crate::layers::GeometryKind;
use crate::sources::{
    crs,
    error::SourceError,
    rows::{RawRow, Rows},
    spec::LayerSpec,
    wkb,
};
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use serde_json::{Number, Value};
use std::{path::Path, time::Duration};

/// How long a writer of the file is waited for.
const BUSY: Duration = Duration::from_secs(2);

/// A column of the table.
struct ColumnInfo {
    name: String,
    declared: String,
    is_key: bool,
}

/// Reads one table of features.
pub fn read(spec: &LayerSpec, path: &Path) -> Result<Rows, SourceError> {
    let wrong = |error: rusqlite::Error| refused(spec, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags).map_err(wrong)?;
    database.busy_timeout(BUSY).map_err(wrong)?;
    let table = table(spec, &database)?;
    let geometry: (String, i64, String) = database
        .query_row(
            "SELECT column_name, srs_id, geometry_type_name FROM gpkg_geometry_columns WHERE table_name = ?1",
            [&table],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .map_err(wrong)?;
    let mut rows = Rows {
        declared: system(&database, geometry.1).map_err(wrong)?,
        kind: kind(&geometry.2),
        ..Rows::default()
    };
    let columns = columns(&database, &table).map_err(wrong)?;
    for column in columns
        .iter()
        .filter(|column| column.name != geometry.0 && !column.is_key)
    {
        rows.column(&column.name);
    }
    let quoted = table.replace('"', "\"\"");
    let mut query = database
        .prepare(&format!("SELECT * FROM \"{quoted}\""))
        .map_err(wrong)?;
    let mut found = query.query([]).map_err(wrong)?;
    let mut number = 0_u64;
    while let Some(row) = found.next().map_err(wrong)? {
        number += 1;
        let mut id = None;
        let mut shape = Ok(None);
        let mut pairs = Vec::with_capacity(columns.len());
        for (at, column) in columns.iter().enumerate() {
            let value = row.get_ref(at).map_err(wrong)?;
            if column.name == geometry.0 {
                shape = match value {
                    ValueRef::Null => Ok(None),
                    ValueRef::Blob(blob) => {
                        rows.has_heights |= wkb::body_of_geopackage(blob).is_some_and(wkb::has_heights);
                        wkb::read_geopackage(blob)
                    }
                    _ => Err("the geometry is no blob".to_owned()),
                };
            } else if column.is_key {
                id = match value {
                    ValueRef::Integer(number) => Some(number.to_string()),
                    ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
                    _ => None,
                };
            } else {
                pairs.push((column.name.clone(), plain(value, &column.declared)));
            }
        }
        match shape {
            Ok(geometry) => {
                let values = rows.values(pairs);
                let row = RawRow {
                    number,
                    id,
                    geometry,
                    values,
                };
                rows.push(&spec.shown_source(), row)?;
            }
            Err(what) => rows.notices.row(number, format!("{what}; the row is left out")),
        }
    }
    Ok(rows)
}

/// The kind of geometry that a table declares, if it is one of a layer.
fn kind(name: &str) -> Option<GeometryKind> {
    Some(match name.to_ascii_uppercase().as_str() {
        "POINT" => GeometryKind::Point,
        "MULTIPOINT" => GeometryKind::MultiPoint,
        "LINESTRING" => GeometryKind::LineString,
        "MULTILINESTRING" => GeometryKind::MultiLineString,
        "POLYGON" => GeometryKind::Polygon,
        "MULTIPOLYGON" => GeometryKind::MultiPolygon,
        _ => return None,
    })
}

fn refused(spec: &LayerSpec, error: &rusqlite::Error) -> SourceError {
    let fault = broken(spec, format!("it is no GeoPackage that can be read: {error}"));
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => fault.passing(),
        _ => fault.remedy("write it with QGIS or ogr2ogr -f GPKG"),
    }
}

/// The table that the operator names, or the only one.
fn table(spec: &LayerSpec, database: &Connection) -> Result<String, SourceError> {
    let names = || -> rusqlite::Result<Vec<String>> {
        let mut query = database
            .prepare("SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY table_name")?;
        let names = query.query_map([], |row| row.get(0))?;
        names.collect()
    };
    let names = names().map_err(|error| refused(spec, &error))?;
    match (&spec.table, names.as_slice()) {
        (Some(table), names) if names.contains(table) => Ok(table.clone()),
        (Some(table), names) => Err(broken(spec, format!("there is no table {table:?} of features"))
            .remedy(format!("the tables are {}", names.join(", ")))),
        (None, [only]) => Ok(only.clone()),
        (None, []) => Err(broken(spec, "it has no table of features")),
        (None, names) => Err(broken(spec, format!("it has {} tables of features", names.len()))
            .remedy(format!("name one in [[layers]]: table = \"…\" of {}", names.join(", ")))),
    }
}

fn columns(database: &Connection, table: &str) -> rusqlite::Result<Vec<ColumnInfo>> {
    let mut query = database.prepare("SELECT name, type, pk FROM pragma_table_info(?1) ORDER BY cid")?;
    let columns = query.query_map([table], |row| {
        Ok(ColumnInfo {
            name: row.get(0)?,
            declared: row.get::<_, String>(1)?.to_ascii_uppercase(),
            is_key: row.get::<_, i64>(2)? == 1,
        })
    })?;
    columns.collect()
}

fn system(database: &Connection, id: i64) -> rusqlite::Result<crate::sources::rows::Declared> {
    use crate::sources::rows::Declared;
    // Undefined geographic and Cartesian systems.
    if id <= 0 {
        return Ok(Declared::Silent);
    }
    database.query_row(
        "SELECT organization, organization_coordsys_id, srs_name, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1",
        [id],
        |row| {
            let (organization, code): (String, i64) = (row.get(0)?, row.get(1)?);
            let (name, definition): (String, String) = (row.get(2)?, row.get(3)?);
            Ok(match crs::by_code(&organization, code, &name) {
                known @ Declared::Known(_) => known,
                unknown => match crs::by_wkt(&definition) {
                    known @ Declared::Known(_) => known,
                    _ => unknown,
                },
            })
        },
    )
}

fn plain(value: ValueRef<'_>, declared: &str) -> Value {
    match value {
        ValueRef::Integer(number) if declared == "BOOLEAN" => Value::from(number != 0),
        ValueRef::Integer(number) => Value::from(number),
        ValueRef::Real(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
        ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text)),
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    }
}
