//! GeoParquet, and Parquet with columns of longitude and latitude.

use super::{broken, geoarrow::Shape, open};
use crate::sources::{
    build::geometry_of,
    columns::{self, Place},
    crs,
    error::SourceError,
    rows::{Declared, RawRow, Rows},
    spec::LayerSpec,
    wkb,
};
use geo::Geometry;
use jiff::Timestamp;
use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::{Field, Row, reader::RowIter},
};
use serde_json::{Number, Value, json};
use std::path::Path;

/// Where the geometry of a row is.
enum Source {
    /// A column of well-known binary, or of structures of coordinates.
    Column(String, Option<Shape>),
    /// Columns of numbers or text.
    Cells(Place),
}

/// Reads all rows.
pub fn read(spec: &LayerSpec, path: &Path) -> Result<Rows, SourceError> {
    let wrong = |error: &dyn std::fmt::Display| {
        broken(spec, format!("it is no Parquet that can be read: {error}"))
            .remedy("compressions none, snappy, gzip, lz4 and zstd are read; write it again with the complete footer")
    };
    let reader = SerializedFileReader::new(open(spec, path)?).map_err(|error| wrong(&error).passing())?;
    let metadata = reader.metadata().file_metadata();
    let names: Vec<String> = metadata
        .schema()
        .get_fields()
        .iter()
        .map(|field| field.name().to_owned())
        .collect();
    let mut rows = Rows::default();
    let geo = metadata
        .key_value_metadata()
        .and_then(|pairs| pairs.iter().find(|pair| pair.key == "geo")?.value.clone());
    let source = source(spec, geo.as_deref(), &names, &mut rows)?;
    let is_geometry = |at: usize, name: &str| match &source {
        Source::Column(column, _) => column == name,
        Source::Cells(place) => place.is_geometry(at),
    };
    for (at, name) in names.iter().enumerate() {
        if !is_geometry(at, name) {
            rows.column(name);
        }
    }
    let found = reader.get_row_iter(None).map_err(|error| wrong(&error))?;
    for (row, number) in found.zip(1_u64..) {
        let row = row.map_err(|error| wrong(&error).row(number))?;
        if let Source::Column(name, _) = &source
            && let Some((_, Field::Bytes(bytes))) = row.get_column_iter().find(|(column, _)| *column == name)
        {
            rows.has_heights |= wkb::has_heights(bytes.data());
        }
        let geometry = match geometry(&source, &names, &row) {
            Ok(geometry) => geometry,
            Err(what) => {
                rows.notices.row(number, format!("{what}; the row is left out"));
                continue;
            }
        };
        let pairs: Vec<(String, Value)> = row
            .get_column_iter()
            .enumerate()
            .filter(|(at, (name, _))| !is_geometry(*at, name))
            // The box of each row, which GeoParquet adds for readers that skip groups.
            .filter(|(_, (name, field))| !(name.as_str() == "bbox" && matches!(field, Field::Group(_))))
            .map(|(_, (name, field))| (name.clone(), value(field)))
            .collect();
        let values = rows.values(pairs);
        let row = RawRow {
            number,
            id: None,
            geometry,
            values,
        };
        rows.push(&spec.shown_source(), row)?;
    }
    Ok(rows)
}

fn source(spec: &LayerSpec, geo: Option<&str>, names: &[String], rows: &mut Rows) -> Result<Source, SourceError> {
    if let Some(text) = geo {
        let geo: Value = serde_json::from_str(text)
            .map_err(|error| broken(spec, format!("its GeoParquet metadata are no JSON: {error}")))?;
        let primary = geo["primary_column"].as_str().unwrap_or("geometry");
        let column = spec.geometry.as_deref().unwrap_or(primary);
        let described = &geo["columns"][column];
        if described.is_null() {
            return Err(broken(spec, format!("there is no geometry column {column:?}"))
                .remedy(format!("the columns are {}", names.join(", "))));
        }
        let encoding = described["encoding"].as_str().unwrap_or("WKB");
        let shape = match encoding.to_ascii_lowercase().as_str() {
            "wkb" => None,
            native => Some(Shape::of_encoding(native).ok_or_else(|| {
                let what =
                    format!("its geometry has the encoding {encoding:?}; WKB and those of GeoParquet 1.1 are read");
                broken(spec, what)
                    .remedy("write it with the encoding WKB, which is the default of GDAL, DuckDB and geopandas")
            })?),
        };
        // A system that is left out is longitude and latitude on WGS 84.
        rows.declared = match described.get("crs") {
            None => Declared::Known(crate::geodesy::Crs::Crs84),
            Some(system) => crs::by_projjson(system),
        };
        return Ok(Source::Column(column.to_owned(), shape));
    }
    let place = columns::find(spec, names)
        .map_err(|what| broken(spec, format!("it has no GeoParquet metadata, and {what}")).remedy(columns::REMEDY))?;
    Ok(match place {
        Place::Geometry(at) => Source::Column(names[at].clone(), None),
        place => Source::Cells(place),
    })
}

fn geometry(source: &Source, names: &[String], row: &Row) -> Result<Option<Geometry<f64>>, String> {
    let field = |name: &str| {
        row.get_column_iter()
            .find(|(column, _)| *column == name)
            .map(|(_, field)| field)
    };
    match source {
        Source::Column(name, shape) => match (field(name), shape) {
            (None | Some(Field::Null), _) => Ok(None),
            (Some(field), Some(shape)) => shape.geometry(field),
            (Some(Field::Bytes(bytes)), None) => wkb::read(bytes.data()),
            (Some(Field::Str(text)), None) => crate::sources::coordinate::geometry(text),
            (Some(field @ Field::Group(_)), None) => Shape::Point.geometry(field),
            (Some(_), None) => Err("its geometry is neither well-known binary nor text".to_owned()),
        },
        Source::Cells(place) => geometry_of(*place, |at| match field(&names[at]).map(value) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
        }),
    }
}

/// The names of a Parquet file's columns, and its rows.
pub struct ParquetRows {
    /// Names of the columns.
    pub names: Vec<String>,
    /// The values of each row in the order of the columns; a row that cannot be read is the last.
    pub rows: Box<dyn Iterator<Item = Result<Vec<Value>, String>> + Send>,
}

/// Reads any Parquet file as a table: lists and structures are JSON, bytes are left out.
///
/// # Errors
/// The fault of the file, where it is no Parquet.
pub fn parquet_rows(bytes: bytes::Bytes) -> Result<ParquetRows, String> {
    let reader = SerializedFileReader::new(bytes).map_err(|error| error.to_string())?;
    let fields = reader.metadata().file_metadata().schema().get_fields();
    let names = fields.iter().map(|field| field.name().to_owned()).collect();
    let rows = RowIter::from_file_into(Box::new(reader)).map(|row| match row {
        Ok(row) => Ok(row.get_column_iter().map(|(_, field)| value(field)).collect()),
        Err(error) => Err(error.to_string()),
    });
    Ok(ParquetRows {
        names,
        rows: Box::new(rows),
    })
}

/// A value of a column; lists and structures as JSON.
pub(super) fn value(field: &Field) -> Value {
    let float = |number: f64| Number::from_f64(number).map_or(Value::Null, Value::Number);
    let moment =
        |moment: Result<Timestamp, jiff::Error>| moment.map_or(Value::Null, |moment| Value::from(moment.to_string()));
    match field {
        Field::Null | Field::Bytes(_) => Value::Null,
        Field::Bool(truth) => Value::from(*truth),
        Field::Byte(number) => Value::from(*number),
        Field::Short(number) => Value::from(*number),
        Field::Int(number) => Value::from(*number),
        Field::Long(number) => Value::from(*number),
        Field::UByte(number) => Value::from(*number),
        Field::UShort(number) => Value::from(*number),
        Field::UInt(number) => Value::from(*number),
        Field::ULong(number) => Value::from(*number),
        Field::Float(number) => {
            // The shortest decimal number that is this float, not the digits of its double.
            number.to_string().parse().map_or(Value::Null, float)
        }
        Field::Double(number) => float(*number),
        Field::Str(text) => Value::from(text.as_str()),
        Field::Date(days) => {
            let day = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(i64::from(*days)));
            day.map_or(Value::Null, |day| Value::from(day.to_string()))
        }
        Field::TimestampMillis(millis) => moment(Timestamp::from_millisecond(*millis)),
        Field::TimestampMicros(micros) => moment(Timestamp::from_microsecond(*micros)),
        Field::Group(row) => {
            let members = row.get_column_iter().map(|(name, field)| (name.clone(), value(field)));
            Value::Object(members.collect())
        }
        Field::ListInternal(list) => json!(list.elements().iter().map(value).collect::<Vec<_>>()),
        Field::Decimal(_) => {
            let text = field.to_string();
            let whole = text.parse::<i64>().map(Value::from);
            whole.or_else(|_| text.parse().map(float)).unwrap_or(Value::from(text))
        }
        other => Value::from(other.to_string()),
    }
}
