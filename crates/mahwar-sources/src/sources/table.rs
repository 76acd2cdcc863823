//! A table of PostGIS, queried for each request. The texts of its statements are made once, from names of its columns.

use super::{
    error::{Notices, SourceError},
    spec::LayerSpec,
    wkb,
};
use crate::layers::{Bounds, Feature, Field, FieldType, GeometryKind, Layer, Partial, Properties};
use mahwar_store::store::{Cell, DatabaseReader, StoreError};
use std::sync::{Arc, OnceLock};

/// How long a statement may take, in seconds, unless the address says `timeout=`.
const TIMEOUT: u32 = 10;
/// Rows of a table without a spatial index above which the operator gets a notice.
const MANY: f64 = 100_000.0;
/// Of the extent of the table, the share above which a box is read in the order of the keys.
const DENSE: f64 = 0.05;
/// Rows that say the kind of a geometry whose column does not.
const PROBED: i64 = 1_000;

/// The rows to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct TableQuery {
    /// Those that meet this box: west, south, east, north in degrees.
    pub bbox: Option<[f64; 4]>,
    /// Those after the page that gave this.
    pub after: Option<i64>,
    /// How many at most.
    pub limit: usize,
}

/// Some rows.
#[derive(Debug, Default)]
pub struct TablePage {
    /// Features in the order of the key.
    pub features: Vec<Feature>,
    /// The beginning of the next page; `None` at the end.
    pub next: Option<i64>,
}

/// A table.
pub struct LiveTable {
    spec: LayerSpec,
    reader: DatabaseReader,
    fields: Vec<Field>,
    geometry: GeometryKind,
    bounds: Option<Bounds>,
    /// Rows by the statistics of the database.
    estimate: Option<u64>,
    time: Vec<String>,
    is_numbered: bool,
    statements: Statements,
    empty: OnceLock<Arc<Layer>>,
}

impl std::fmt::Debug for LiveTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveTable")
            .field("name", &self.spec.name)
            .finish_non_exhaustive()
    }
}

/// Texts of SQL.
#[derive(Debug)]
struct Statements {
    page: String,
    dense_box: String,
    sparse_box: String,
    any_in_box: String,
    one: String,
}

/// A column that becomes a field.
struct ColumnInfo {
    name: String,
    kind: String,
}

impl LiveTable {
    /// Asks the database for the table, its key, its geometry and its extent.
    ///
    /// # Errors
    /// An unreachable database (which may pass), a missing table, or one without a key or a geometry.
    pub fn open(spec: &LayerSpec, notices: &mut Notices) -> Result<Self, SourceError> {
        let (address, table) = address(spec)?;
        let fault = |error: StoreError| failure(spec, &error);
        let reader = DatabaseReader::new(&address).map_err(fault)?;
        let query = |sql: &str, values: &[Cell]| reader.query(sql, values).map_err(fault);
        let (oid, schema, relation, estimate) = found(spec, &table, &query)?;
        let columns = columns(oid, &query)?;
        let shape = Shape::of(spec, &columns, &schema, &relation, &query)?;
        let key = key(spec, oid, &columns, &query)?;
        if !shape.is_indexed(oid, &query)? && estimate.unwrap_or(MANY) >= MANY {
            notices.note(format!(
                "the column {:?} has no spatial index, so each request reads the whole table; run CREATE INDEX ON {schema}.{relation} \
                 USING gist ({})",
                shape.column,
                quoted(&shape.column)
            ));
        }
        let plain: Vec<&ColumnInfo> = columns
            .iter()
            .filter(|column| {
                column.name != shape.column
                    && !matches!(column.kind.as_str(), "bytea" | "geometry" | "geography" | "raster")
            })
            .collect();
        let fields: Vec<Field> = plain
            .iter()
            .map(|column| Field {
                name: column.name.clone(),
                kind: field_type(&column.kind),
                title: crate::language::Trilingual::default(),
            })
            .collect();
        let bounds = shape.bounds(&schema, &relation, estimate, &query)?;
        let table = format!("{}.{}", quoted(&schema), quoted(&relation));
        let is_numbered = matches!(key.kind.as_str(), "smallint" | "integer" | "bigint");
        Ok(Self {
            statements: Statements::new(&table, &key, is_numbered, &shape, &plain),
            geometry: shape.kind,
            bounds,
            estimate: estimate.map(|rows| rows as u64),
            time: time(spec, &fields)?,
            spec: spec.clone(),
            fields,
            is_numbered,
            empty: OnceLock::new(),
            reader,
        })
    }

    /// The layer without its features: titles, fields, bounds.
    pub fn empty_layer(&self) -> Arc<Layer> {
        let empty = || {
            let layer = self.layer(std::iter::empty());
            Arc::new(layer.with_partial(Partial {
                total: None,
                bounds: self.bounds,
                time: None,
            }))
        };
        Arc::clone(self.empty.get_or_init(empty))
    }

    /// Some features as a layer.
    pub fn layer(&self, features: impl IntoIterator<Item = Feature>) -> Layer {
        let spec = &self.spec;
        let mut layer = Layer::new(
            &spec.name,
            spec.full_title(),
            spec.description.clone(),
            &spec.attribution,
            self.geometry,
            self.fields.clone(),
            spec.zooms.unwrap_or([0, 14]),
            features,
        );
        layer.paint = spec.paint.unwrap_or_default();
        layer.own = true;
        layer.shown = spec.shown;
        layer
    }

    /// The name of the layer.
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    /// Rows by the statistics of the database; `None` before the first ANALYZE.
    pub fn estimate(&self) -> Option<u64> {
        self.estimate
    }

    /// Rows in the order of the key.
    ///
    /// # Errors
    /// A database that is unreachable or does not answer in time.
    pub fn page(&self, asked: TableQuery) -> Result<TablePage, SourceError> {
        let limit = i64::try_from(asked.limit.max(1)).unwrap_or(i64::MAX);
        // A numbered key goes on after a number, another one after a count of rows.
        let after = asked.after.unwrap_or(if self.is_numbered { i64::MIN } else { 0 });
        let rest = [Cell::Int(after), Cell::Int(limit)];
        let rows = match asked.bbox {
            None => self.ask(&self.statements.page, &rest)?,
            Some(bbox) => {
                let sql = match self.is_dense(bbox) {
                    true => &self.statements.dense_box,
                    false => &self.statements.sparse_box,
                };
                let values: Vec<Cell> = bbox.map(Cell::Real).into_iter().chain(rest).collect();
                self.ask(sql, &values)?
            }
        };
        let is_full = rows.len() as i64 == limit;
        let next = match (is_full, self.is_numbered, rows.last().and_then(|row| row.get(3))) {
            (true, true, Some(Cell::Int(key))) => Some(*key),
            (true, false, _) => Some(after + limit),
            _ => None,
        };
        Ok(TablePage {
            features: rows.into_iter().filter_map(|row| self.feature(row)).collect(),
            next,
        })
    }

    /// Rows that meet a box, in any order: for tiles.
    ///
    /// # Errors
    /// As [`Self::page`].
    pub fn in_box(&self, bbox: [f64; 4], limit: usize) -> Result<Vec<Feature>, SourceError> {
        let limit = Cell::Int(i64::try_from(limit).unwrap_or(i64::MAX));
        let values: Vec<Cell> = bbox.map(Cell::Real).into_iter().chain([limit]).collect();
        let rows = self.ask(&self.statements.any_in_box, &values)?;
        Ok(rows.into_iter().filter_map(|row| self.feature(row)).collect())
    }

    /// The row with a key.
    ///
    /// # Errors
    /// As [`Self::page`].
    pub fn one(&self, id: &str) -> Result<Option<Feature>, SourceError> {
        if self.is_numbered && id.parse::<i64>().is_err() {
            return Ok(None);
        }
        match self.reader.query(&self.statements.one, &[Cell::Text(id.to_owned())]) {
            Ok(rows) => Ok(rows.into_iter().next().and_then(|row| self.feature(row))),
            // A text that is no value of the key's type is the key of no row.
            Err(StoreError::Broken(_)) => Ok(None),
            Err(error) => Err(failure(&self.spec, &error)),
        }
    }

    fn ask(&self, sql: &str, values: &[Cell]) -> Result<Vec<Vec<Cell>>, SourceError> {
        self.reader
            .query(sql, values)
            .map_err(|error| failure(&self.spec, &error))
    }

    fn is_dense(&self, [west, south, east, north]: [f64; 4]) -> bool {
        let area = |[w, s, e, n]: [f64; 4]| (e - w).max(1e-9) * (n - s).max(1e-9);
        self.bounds.is_some_and(|Bounds(all)| {
            let part = [west.max(all[0]), south.max(all[1]), east.min(all[2]), north.min(all[3])];
            part[0] < part[2] && part[1] < part[3] && area(part) >= DENSE * area(all)
        })
    }

    /// A row: id, geometry, values as JSON.
    fn feature(&self, row: Vec<Cell>) -> Option<Feature> {
        let mut cells = row.into_iter();
        let (Some(Cell::Text(id)), Some(geometry), Some(values)) = (cells.next(), cells.next(), cells.next()) else {
            return None;
        };
        let geometry = match geometry {
            Cell::Blob(bytes) => wkb::read(&bytes).ok().flatten(),
            _ => None,
        };
        let geometry = geometry.and_then(|geometry| super::build::shaped_as(geometry, self.geometry));
        let properties: Properties = match values {
            Cell::Text(text) => serde_json::from_str(&text).unwrap_or_default(),
            _ => Properties::new(),
        };
        let time = super::build::time_of(&properties, &self.time);
        Some(Feature {
            time,
            ..Feature::new(id, geometry, properties)
        })
    }
}

impl Statements {
    fn new(table: &str, key: &ColumnInfo, is_numbered: bool, shape: &Shape, plain: &[&ColumnInfo]) -> Self {
        let id = format!("t.{}", quoted(&key.name));
        let values: Vec<String> = plain
            .iter()
            .map(|column| {
                let name = quoted(&column.name);
                // A moment without a zone is no RFC 3339 time.
                match column.kind.as_str() {
                    "timestamp without time zone" => format!("t.{name} AT TIME ZONE 'UTC' AS {name}"),
                    _ => format!("t.{name}"),
                }
            })
            .collect();
        let values = match values.is_empty() {
            true => "'{}'".to_owned(),
            false => format!("(SELECT to_jsonb(p)::text FROM (SELECT {}) p)", values.join(", ")),
        };
        let number = if is_numbered {
            format!("{id}::bigint")
        } else {
            "0::bigint".to_owned()
        };
        let list = format!("{id}::text, {}, {values}, {number}", shape.binary());
        let meets = format!("t.{} && {}", quoted(&shape.column), shape.envelope());
        let (page, dense_box, sparse_box) = match is_numbered {
            true => (
                format!("SELECT {list} FROM {table} t WHERE {id} > $1::bigint ORDER BY {id} LIMIT $2::bigint"),
                format!(
                    "SELECT {list} FROM {table} t WHERE {meets} AND {id} > $5::bigint ORDER BY {id} LIMIT $6::bigint"
                ),
                // OFFSET 0 keeps the planner from walking the keys of the whole table for few rows of a small box.
                format!(
                    "SELECT {list} FROM (SELECT * FROM {table} t WHERE {meets} OFFSET 0) t WHERE {id} > $5::bigint ORDER BY {id} \
                     LIMIT $6::bigint"
                ),
            ),
            false => {
                let boxed = format!(
                    "SELECT {list} FROM {table} t WHERE {meets} ORDER BY {id} OFFSET $5::bigint LIMIT $6::bigint"
                );
                (
                    format!("SELECT {list} FROM {table} t ORDER BY {id} OFFSET $1::bigint LIMIT $2::bigint"),
                    boxed.clone(),
                    boxed,
                )
            }
        };
        Self {
            page,
            dense_box,
            sparse_box,
            any_in_box: format!("SELECT {list} FROM {table} t WHERE {meets} LIMIT $5::bigint"),
            one: format!(
                "SELECT {list} FROM {table} t WHERE {id} = CAST($1::text AS {}) LIMIT 1",
                key.kind
            ),
        }
    }
}

type Ask<'q> = dyn Fn(&str, &[Cell]) -> Result<Vec<Vec<Cell>>, SourceError> + 'q;

/// The address of the database without the parameter of the table, with a limit of time; and the table.
fn address(spec: &LayerSpec) -> Result<(String, String), SourceError> {
    let (base, query) = spec.source.split_once('?').unwrap_or((&spec.source, ""));
    let mut table = spec.table.clone();
    let mut rest: Vec<String> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("table", name)) => table = Some(name.replace("%2E", ".").replace("%22", "\"")),
            _ => rest.push(pair.to_owned()),
        }
    }
    if !rest.iter().any(|pair| pair.starts_with("timeout=")) {
        rest.push(format!("timeout={TIMEOUT}"));
    }
    let table = table.ok_or_else(|| {
        SourceError::new(spec.shown_source(), "the address names no table")
            .remedy("add ?table=schema.name to it, or table = \"schema.name\" in [[layers]]")
    })?;
    Ok((format!("{base}?{}", rest.join("&")), table))
}

fn failure(spec: &LayerSpec, error: &StoreError) -> SourceError {
    let source = spec.shown_source();
    match error {
        StoreError::Unavailable(what) => {
            SourceError::new(source, format!("the database is not available now: {what}")).passing()
        }
        StoreError::Address(what) => SourceError::new(source, what.clone()),
        StoreError::ReadOnly(what) => {
            SourceError::new(source, what.clone()).remedy("GRANT SELECT on the table to the user of the address")
        }
        StoreError::Broken(what) => SourceError::new(source, what.clone()),
        other => SourceError::new(source, other.to_string()),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn text(cell: Option<&Cell>) -> String {
    match cell {
        Some(Cell::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

fn int(cell: Option<&Cell>) -> i64 {
    match cell {
        Some(Cell::Int(number)) => *number,
        _ => 0,
    }
}

/// The table's oid, schema and name, and its rows by the statistics.
fn found(spec: &LayerSpec, table: &str, query: &Ask<'_>) -> Result<(i64, String, String, Option<f64>), SourceError> {
    const SQL: &str = "SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.reltuples::float8 FROM pg_class c \
                       JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass($1::text) AND \
                       c.relkind IN ('r', 'p', 'v', 'm', 'f')";
    let parts: Vec<String> = table.split('.').map(quoted).collect();
    // As SQL reads the name, and then as it is written.
    for name in [table.to_owned(), parts.join(".")] {
        let rows = query(SQL, &[Cell::Text(name)])?;
        if let Some(row) = rows.first() {
            let estimate = match row.get(3) {
                Some(Cell::Real(rows)) if *rows >= 0.0 => Some(*rows),
                _ => None,
            };
            return Ok((int(row.first()), text(row.get(1)), text(row.get(2)), estimate));
        }
    }
    let known = query(
        "SELECT f_table_schema::text || '.' || f_table_name::text FROM geometry_columns ORDER BY 1 LIMIT 20",
        &[],
    )?;
    let known: Vec<String> = known.iter().map(|row| text(row.first())).collect();
    let fault = SourceError::new(
        spec.shown_source(),
        format!("there is no table {table:?} that this user may see"),
    );
    Err(match known.is_empty() {
        true => fault,
        false => fault.remedy(format!("tables with a geometry are {}", known.join(", "))),
    })
}

fn columns(oid: i64, query: &Ask<'_>) -> Result<Vec<ColumnInfo>, SourceError> {
    const SQL: &str = "SELECT a.attname::text, CASE WHEN t.typname IN ('geometry', 'geography', 'raster') THEN t.typname::text ELSE \
                       format_type(a.atttypid, NULL) END FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
                       WHERE a.attrelid::bigint = $1::bigint AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
    let rows = query(SQL, &[Cell::Int(oid)])?;
    let columns = rows.iter().map(|row| ColumnInfo {
        name: text(row.first()),
        kind: text(row.get(1)),
    });
    Ok(columns.collect())
}

/// The column of the ids: the operator's, the primary key, or a unique column without NULL.
fn key(spec: &LayerSpec, oid: i64, columns: &[ColumnInfo], query: &Ask<'_>) -> Result<ColumnInfo, SourceError> {
    let named = |name: &str| {
        let column = columns.iter().find(|column| column.name == name)?;
        Some(ColumnInfo {
            name: column.name.clone(),
            kind: column.kind.clone(),
        })
    };
    let list = || {
        columns
            .iter()
            .map(|column| column.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    if let Some(name) = &spec.id {
        return named(name).ok_or_else(|| {
            SourceError::new(spec.shown_source(), format!("id = {name:?}: there is no such column"))
                .remedy(format!("the columns are {}", list()))
        });
    }
    const SQL: &str = "SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND \
                       a.attnum = i.indkey[0] WHERE i.indrelid::bigint = $1::bigint AND i.indisunique AND i.indnkeyatts = 1 AND \
                       i.indpred IS NULL AND i.indexprs IS NULL AND a.attnotnull ORDER BY i.indisprimary DESC, a.attnum LIMIT 1";
    let rows = query(SQL, &[Cell::Int(oid)])?;
    rows.first().and_then(|row| named(&text(row.first()))).ok_or_else(|| {
        SourceError::new(
            spec.shown_source(),
            "the table has no primary key of one column, so its features have no ids that stay, and pages have no order",
        )
        .remedy(format!(
            "ALTER TABLE … ADD PRIMARY KEY (…), or say a column whose values differ in every row: id = \"…\" of {}",
            list()
        ))
    })
}

/// The geometry of the table.
struct Shape {
    column: String,
    is_geography: bool,
    srid: i64,
    kind: GeometryKind,
}

impl Shape {
    fn of(
        spec: &LayerSpec,
        columns: &[ColumnInfo],
        schema: &str,
        relation: &str,
        query: &Ask<'_>,
    ) -> Result<Self, SourceError> {
        let fault = |what: String| SourceError::new(spec.shown_source(), what);
        let shapes: Vec<&ColumnInfo> = columns
            .iter()
            .filter(|column| matches!(column.kind.as_str(), "geometry" | "geography"))
            .collect();
        let column = match (&spec.geometry, shapes.as_slice()) {
            (Some(name), shapes) => shapes.iter().find(|column| column.name == *name).copied(),
            (None, [only]) => Some(*only),
            (None, _) => None,
        };
        let Some(column) = column else {
            let names: Vec<&str> = shapes.iter().map(|column| column.name.as_str()).collect();
            return Err(match names.is_empty() {
                true => fault("the table has no column of geometry".to_owned())
                    .remedy("add one: ALTER TABLE … ADD COLUMN geom geometry(Point, 4326)"),
                false => fault(format!("the table has {} columns of geometry", names.len()))
                    .remedy(format!("name one: geometry = \"…\" of {}", names.join(", "))),
            });
        };
        let is_geography = column.kind == "geography";
        let sql = format!(
            "SELECT DISTINCT GeometryType(g)::text, ST_SRID(g)::bigint FROM (SELECT {}{} AS g FROM {}.{} WHERE {} IS NOT NULL LIMIT \
             {PROBED}) p",
            quoted(&column.name),
            if is_geography { "::geometry" } else { "" },
            quoted(schema),
            quoted(relation),
            quoted(&column.name),
        );
        let found = query(&sql, &[])?;
        let mut kinds: Vec<String> = found.iter().map(|row| text(row.first())).collect();
        kinds.sort();
        kinds.dedup();
        let mut systems: Vec<i64> = found.iter().map(|row| int(row.get(1))).collect();
        systems.dedup();
        let kind = kind_of(&kinds).ok_or_else(|| match kinds.is_empty() {
            true => fault("the table has no row with a geometry".to_owned()).passing(),
            false => fault(format!("its geometries are of several kinds: {}", kinds.join(", ")))
                .remedy("make a view with one kind, for example WHERE GeometryType(geom) = 'POINT'"),
        })?;
        let &[srid] = systems.as_slice() else {
            return Err(fault("its geometries have several reference systems".to_owned())
                .remedy("bring them to one: UPDATE … SET geom = ST_Transform(geom, 4326)"));
        };
        Ok(Self {
            column: column.name.clone(),
            is_geography,
            srid,
            kind,
        })
    }

    /// True where the database transforms to and from WGS 84. Without a system coordinates are degrees.
    fn is_transformed(&self) -> bool {
        !self.is_geography && !matches!(self.srid, 0 | 4326)
    }

    fn binary(&self) -> String {
        let column = format!("t.{}", quoted(&self.column));
        match (self.is_geography, self.is_transformed()) {
            (true, _) => format!("ST_AsBinary({column}::geometry)"),
            (false, true) => format!("ST_AsBinary(ST_Transform({column}, 4326))"),
            (false, false) => format!("ST_AsBinary({column})"),
        }
    }

    fn envelope(&self) -> String {
        const BOX: &str = "$1::float8, $2::float8, $3::float8, $4::float8";
        match (self.is_geography, self.is_transformed()) {
            (true, _) => format!("ST_MakeEnvelope({BOX}, 4326)::geography"),
            (false, true) => format!("ST_Transform(ST_MakeEnvelope({BOX}, 4326), {})", self.srid),
            (false, false) => format!("ST_MakeEnvelope({BOX}, {})", self.srid),
        }
    }

    fn is_indexed(&self, oid: i64, query: &Ask<'_>) -> Result<bool, SourceError> {
        const SQL: &str = "SELECT 1::bigint FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY \
                           (i.indkey::smallint[]) WHERE i.indrelid::bigint = $1::bigint AND a.attname = $2::text LIMIT 1";
        Ok(!query(SQL, &[Cell::Int(oid), Cell::Text(self.column.clone())])?.is_empty())
    }

    /// The extent by the statistics, or counted where the table is short.
    fn bounds(
        &self,
        schema: &str,
        relation: &str,
        estimate: Option<f64>,
        query: &Ask<'_>,
    ) -> Result<Option<Bounds>, SourceError> {
        let corners = |extent: &str| {
            let extent = match self.is_transformed() {
                true => format!("ST_Transform(ST_SetSRID({extent}::geometry, {}), 4326)", self.srid),
                false => format!("{extent}::geometry"),
            };
            format!(
                "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT {extent} AS e) x WHERE e IS NOT NULL"
            )
        };
        let by_statistics = corners("ST_EstimatedExtent($1::text, $2::text, $3::text)");
        let names = [schema, relation, &self.column].map(|name| Cell::Text(name.to_owned()));
        // A view, or a table that was never analysed, has no statistics: then the database refuses or says nothing.
        let mut rows = match estimate {
            Some(rows) if rows > 0.0 => query(&by_statistics, &names).unwrap_or_default(),
            _ => Vec::new(),
        };
        if rows.is_empty() && estimate.unwrap_or(0.0) < MANY {
            let all = format!(
                "(SELECT ST_Extent({}{}) FROM {}.{})",
                quoted(&self.column),
                if self.is_geography { "::geometry" } else { "" },
                quoted(schema),
                quoted(relation)
            );
            rows = query(&corners(&all), &[])?;
        }
        let number = |cell: &Cell| match cell {
            Cell::Real(number) => Some(*number),
            _ => None,
        };
        let corners = rows
            .first()
            .map(|row| row.iter().filter_map(number).collect::<Vec<_>>());
        Ok(corners
            .and_then(|corners| <[f64; 4]>::try_from(corners).ok())
            .map(Bounds))
    }
}

fn kind_of(kinds: &[String]) -> Option<GeometryKind> {
    let words: Vec<&str> = kinds.iter().map(String::as_str).collect();
    Some(match words.as_slice() {
        ["POINT"] => GeometryKind::Point,
        ["MULTIPOINT"] | ["MULTIPOINT", "POINT"] => GeometryKind::MultiPoint,
        ["LINESTRING"] => GeometryKind::LineString,
        ["MULTILINESTRING"] | ["LINESTRING", "MULTILINESTRING"] => GeometryKind::MultiLineString,
        ["POLYGON"] => GeometryKind::Polygon,
        ["MULTIPOLYGON"] | ["MULTIPOLYGON", "POLYGON"] => GeometryKind::MultiPolygon,
        _ => return None,
    })
}

fn field_type(kind: &str) -> FieldType {
    match kind {
        "smallint" | "integer" | "bigint" => FieldType::Integer,
        "real" | "double precision" | "numeric" => FieldType::Number,
        "boolean" => FieldType::Boolean,
        "date" => FieldType::Date,
        "timestamp without time zone" | "timestamp with time zone" => FieldType::DateTime,
        "json" | "jsonb" => FieldType::Json,
        kind if kind.ends_with("[]") => FieldType::Json,
        _ => FieldType::String,
    }
}

fn time(spec: &LayerSpec, fields: &[Field]) -> Result<Vec<String>, SourceError> {
    super::build::time_columns(spec, fields, &spec.shown_source())
}
