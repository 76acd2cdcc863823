//! GeoPackage 1.3 (OGC 12-128r17): all layers in one file, each with a spatial index, and a style table.

use super::{ExportError, Selection, day_of, moment, plain, style::qml, wkb};
use crate::layers::{FieldType, GeometryKind};
use geo::Geometry;
use rusqlite::{Connection, Transaction, params, types::Value as Sql};
use std::io::Write;

const SCHEMA: &str = "
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_metadata', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec120/#extension_metadata', 'read-write'),
  ('gpkg_metadata_reference', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec120/#extension_metadata', 'read-write');
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT, f_geometry_column TEXT,
  styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT,
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
";

const WGS84: &str = r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]"#;

pub(super) fn write(selections: &[Selection], out: &mut dyn Write) -> Result<(), ExportError> {
    let mut database = Connection::open_in_memory()?;
    database.execute_batch(SCHEMA)?;
    let transaction = database.transaction()?;
    for (name, id, organization, definition) in [
        ("WGS 84 geodetic", 4326, "EPSG", WGS84),
        ("Undefined cartesian SRS", -1, "NONE", "undefined"),
        ("Undefined geographic SRS", 0, "NONE", "undefined"),
    ] {
        transaction.execute(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?2, ?4, NULL)",
            params![name, id, organization, definition],
        )?;
    }
    // The day alone, so that a file made twice has the same bytes and can be read by ranges.
    let day = selections
        .first()
        .map_or("1970-01-01", |selection| &selection.statement.date);
    let changed = format!("{day}T00:00:00.000Z");
    for selection in selections {
        layer(&transaction, selection, &changed)?;
    }
    // After the layers: some clients open the first table.
    transaction.execute(
        "INSERT INTO gpkg_contents(table_name, data_type, identifier, last_change) VALUES ('layer_styles', 'attributes', 'layer_styles', ?1)",
        [&changed],
    )?;
    transaction.commit()?;
    for selection in selections {
        selection.halt.check()?;
    }
    let mut file = database.serialize("main")?.to_vec();
    complete_header(&mut file);
    out.write_all(&file)?;
    Ok(())
}

/// Fills the fields of the file header that SQLite writes only to files, never to a database in memory: the change
/// counter, the size in pages, and the library's version (SQLite file format, 1.3). GeoPackage requires version 3.
fn complete_header(file: &mut [u8]) {
    const CHANGE_COUNTER: usize = 24;
    const SIZE_IN_PAGES: usize = 28;
    const VERSION_VALID_FOR: usize = 92;
    const SQLITE_VERSION: usize = 96;
    let page = match u16::from_be_bytes([file[16], file[17]]) {
        1 => 65_536,
        size => usize::from(size),
    };
    let pages = u32::try_from(file.len() / page).unwrap_or(0);
    let version = u32::try_from(rusqlite::version_number()).unwrap_or(0);
    for (at, value) in [
        (CHANGE_COUNTER, 1),
        (SIZE_IN_PAGES, pages),
        (VERSION_VALID_FOR, 1),
        (SQLITE_VERSION, version),
    ] {
        file[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A name for a column that no other has: SQLite compares names without regard to case, and files do not.
fn unused(wanted: &str, names: &mut Vec<String>) -> String {
    let mut name = wanted.to_owned();
    while names.iter().any(|other| other.eq_ignore_ascii_case(&name)) {
        name.push('_');
    }
    names.push(name.clone());
    name
}

fn layer(database: &Transaction, selection: &Selection, changed: &str) -> Result<(), ExportError> {
    let layer = selection.layer();
    let spatial = layer.geometry != GeometryKind::None;
    let table = quoted(&layer.id);
    // `fid` is the primary key that the standard requires; `id` is ours.
    let mut columns = vec!["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL".to_owned()];
    let mut names = vec!["fid".to_owned(), "geom".to_owned()];
    if spatial {
        columns.push(format!("geom {}", type_name(layer.geometry)));
    }
    let own = unused(&selection.free_name("id"), &mut names);
    columns.push(format!("{} TEXT", quoted(&own)));
    let kinds = selection.kinds();
    for (field, kind) in selection.fields().zip(&kinds) {
        let name = unused(&field.name, &mut names);
        columns.push(format!("{} {}", quoted(&name), column_type(*kind)));
    }
    database.execute_batch(&format!("CREATE TABLE {table} ({})", columns.join(", ")))?;
    describe(database, selection, spatial, changed)?;

    let width = columns.len() - 1;
    let places = (1..=width)
        .map(|number| format!("?{number}"))
        .collect::<Vec<_>>()
        .join(",");
    let names = columns[1..]
        .iter()
        .map(|column| column.rsplit_once(' ').map_or(column.as_str(), |(name, _)| name));
    let names = names.collect::<Vec<_>>().join(",");
    let mut insert = database.prepare(&format!("INSERT INTO {table} ({names}) VALUES ({places})"))?;
    for feature in selection.refs() {
        selection.halt.check()?;
        let mut row = Vec::with_capacity(width);
        if spatial {
            let geometry = selection.geometry(feature).zip(feature.bounds());
            row.push(geometry.map_or(Sql::Null, |(geometry, bounds)| Sql::Blob(binary(&geometry, bounds.0))));
        }
        row.push(Sql::Text(feature.id().to_owned()));
        let values = selection.values(feature).zip(&kinds);
        row.extend(values.map(|((_, value), kind)| sql(*kind, &value)));
        insert.execute(rusqlite::params_from_iter(row))?;
    }
    if spatial {
        index(database, selection)?;
    }
    Ok(())
}

fn describe(database: &Transaction, selection: &Selection, spatial: bool, changed: &str) -> rusqlite::Result<()> {
    let layer = selection.layer();
    let extent = selection.extent();
    let side = |index: usize| extent.map(|extent| extent[index]);
    database.execute(
        "INSERT INTO gpkg_contents(table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id, last_change) \
         VALUES (?1, ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            layer.id,
            if spatial { "features" } else { "attributes" },
            format!("{}. {}", selection.title(), selection.about()),
            side(0),
            side(1),
            side(2),
            side(3),
            spatial.then_some(4326),
            changed,
        ],
    )?;
    database.execute(
        "INSERT INTO gpkg_metadata(md_standard_uri, mime_type, metadata) VALUES ('https://www.rfc-editor.org/rfc/rfc8259', 'application/json', ?1)",
        [serde_json::Value::Object(selection.members()).to_string()],
    )?;
    database.execute(
        "INSERT INTO gpkg_metadata_reference(reference_scope, table_name, timestamp, md_file_id) VALUES ('table', ?1, ?2, ?3)",
        params![layer.id, changed, database.last_insert_rowid()],
    )?;
    if spatial {
        database.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, 4326, 0, 0)",
            params![layer.id, type_name(layer.geometry)],
        )?;
        // QGIS reads this when the layer is opened.
        database.execute(
            "INSERT INTO layer_styles(f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, \
             useAsDefault, description, owner, update_time) VALUES ('', '', ?1, 'geom', ?1, ?2, '', 1, ?3, '', ?4)",
            params![layer.id, qml(layer), selection.title(), changed],
        )?;
    }
    Ok(())
}

/// The R-tree of the extension `gpkg_rtree_index`, filled here; its triggers keep it true when others edit the file.
fn index(database: &Transaction, selection: &Selection) -> rusqlite::Result<()> {
    let name = &selection.layer().id;
    let tree = quoted(&format!("rtree_{name}_geom"));
    database.execute_batch(&format!(
        "CREATE VIRTUAL TABLE {tree} USING rtree(id, minx, maxx, miny, maxy)"
    ))?;
    let mut insert = database.prepare(&format!("INSERT INTO {tree} VALUES (?1, ?2, ?3, ?4, ?5)"))?;
    for (feature, row) in selection.refs().zip(1i64..) {
        if let Some(bounds) = feature.bounds() {
            let [west, south, east, north] = bounds.0;
            insert.execute(params![row, west, east, south, north])?;
        }
    }
    database.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        [name],
    )?;
    database.execute_batch(&triggers(name))
}

/// The triggers of the extension (GeoPackage 1.3, annex F.3), word for word by its template.
fn triggers(name: &str) -> String {
    let (table, tree) = (quoted(name), quoted(&format!("rtree_{name}_geom")));
    let trigger = |event: &str| quoted(&format!("rtree_{name}_geom_{event}"));
    let fill = "ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)";
    let put = format!("INSERT OR REPLACE INTO {tree} VALUES (NEW.fid, {fill})");
    let full = "(NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))";
    let empty = "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))";
    let drop = format!("DELETE FROM {tree} WHERE id = OLD.fid");
    [
        ("insert", "INSERT", full.to_owned(), put.clone()),
        (
            "update1",
            "UPDATE OF geom",
            format!("OLD.fid = NEW.fid AND {full}"),
            put.clone(),
        ),
        (
            "update2",
            "UPDATE OF geom",
            format!("OLD.fid = NEW.fid AND {empty}"),
            drop.clone(),
        ),
        (
            "update3",
            "UPDATE",
            format!("OLD.fid != NEW.fid AND {full}"),
            format!("{drop}; {put}"),
        ),
        (
            "update4",
            "UPDATE",
            format!("OLD.fid != NEW.fid AND {empty}"),
            format!("DELETE FROM {tree} WHERE id IN (OLD.fid, NEW.fid)"),
        ),
        ("delete", "DELETE", "OLD.geom NOTNULL".to_owned(), drop.clone()),
    ]
    .into_iter()
    .map(|(name, event, when, what)| {
        format!(
            "CREATE TRIGGER {} AFTER {event} ON {table} WHEN {when} BEGIN {what}; END;\n",
            trigger(name)
        )
    })
    .collect()
}

fn type_name(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => "POINT",
        GeometryKind::MultiPoint => "MULTIPOINT",
        GeometryKind::LineString => "LINESTRING",
        GeometryKind::MultiLineString => "MULTILINESTRING",
        GeometryKind::Polygon => "POLYGON",
        GeometryKind::MultiPolygon => "MULTIPOLYGON",
        GeometryKind::None => "GEOMETRY",
    }
}

fn column_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Number => "DOUBLE",
        FieldType::Integer => "INTEGER",
        FieldType::Boolean => "BOOLEAN",
        FieldType::Date | FieldType::Time => "DATE",
        FieldType::DateTime => "DATETIME",
        FieldType::String | FieldType::Json => "TEXT",
    }
}

fn sql(kind: FieldType, value: &serde_json::Value) -> Sql {
    if value.is_null() {
        return Sql::Null;
    }
    match kind {
        FieldType::Number => value.as_f64().map_or(Sql::Null, Sql::Real),
        FieldType::Integer => value.as_i64().map_or(Sql::Null, Sql::Integer),
        FieldType::Boolean => value.as_bool().map_or(Sql::Null, |flag| Sql::Integer(flag.into())),
        // The standard has one form: UTC with milliseconds.
        FieldType::DateTime => value.as_str().and_then(moment).map_or(Sql::Null, |at| {
            Sql::Text(at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string())
        }),
        FieldType::Date | FieldType::Time => value
            .as_str()
            .map_or(Sql::Null, |text| Sql::Text(day_of(text).to_owned())),
        FieldType::String | FieldType::Json => Sql::Text(plain(value)),
    }
}

/// A GeoPackage geometry: header with the envelope, then little-endian WKB.
fn binary(geometry: &Geometry<f64>, [west, south, east, north]: [f64; 4]) -> Vec<u8> {
    // Flags: little endian, envelope of four doubles.
    let mut bytes = vec![b'G', b'P', 0, 0b0000_0011];
    bytes.extend(4326i32.to_le_bytes());
    for side in [west, east, south, north] {
        bytes.extend(side.to_le_bytes());
    }
    wkb::append(geometry, &mut bytes);
    bytes
}
