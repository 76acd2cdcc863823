//! Layers as files: one writer a format, all from the same selections of features.

mod coding;
mod dbf;
mod flatgeobuf;
mod geopackage;
mod parquet;
mod parquet_table;
mod pmtiles;
mod shapefile;
mod style;
mod text;
mod wkb;

pub use coding::{Codes, Coding, Country, Table, TypeCodes, Units};
pub use parquet_table::ParquetTable;
pub use pmtiles::{DEFAULT_MAX_ZOOM, Zooms};
pub use style::{escape, geometry_word, renderer};
pub use text::{Pieces, harmless_cell, pieces};

use crate::{
    language::Language,
    layers::{FeatureRef, Field, FieldType, GeometryKind, Layer, TimeSpan, ValueRef},
    tiles::LayerTiles,
};
use geo::{Geometry, MultiLineString, MultiPoint, MultiPolygon};
use serde_json::{Map, Value, json};
use std::{
    borrow::Cow,
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum ExportError {
    #[error("cannot write: {0}")]
    Io(#[from] std::io::Error),
    #[error("GeoPackage: {0}")]
    GeoPackage(#[from] rusqlite::Error),
    #[error("FlatGeobuf: {0}")]
    FlatGeobuf(String),
    #[error("Shapefile: {0}")]
    Shapefile(String),
    #[error("GeoParquet: {0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
    #[error("PMTiles: {0}")]
    PmTiles(String),
    #[error("the layer {0:?} has no geometry and {1} cannot hold it; use csv, geojson, gpkg or parquet")]
    NoGeometry(String, &'static str),
    #[error("writing took longer than it may, or nobody waits for the file")]
    Halted,
    #[error("{0} holds one layer; name one, or use gpkg or pmtiles")]
    OneLayer(&'static str),
}

/// A file format, by its extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Format {
    GeoJson,
    GeoJsonLines,
    Csv,
    Kml,
    GeoPackage,
    FlatGeobuf,
    Shapefile,
    Parquet,
    PmTiles,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 9] = [
        Self::GeoJson,
        Self::GeoJsonLines,
        Self::Csv,
        Self::Kml,
        Self::GeoPackage,
        Self::FlatGeobuf,
        Self::Shapefile,
        Self::Parquet,
        Self::PmTiles,
    ];

    /// The end of a file's name, without the first dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::GeoJsonLines => "geojsonl",
            Self::Csv => "csv",
            Self::Kml => "kml",
            Self::GeoPackage => "gpkg",
            Self::FlatGeobuf => "fgb",
            Self::Shapefile => "shp.zip",
            Self::Parquet => "parquet",
            Self::PmTiles => "pmtiles",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::GeoJsonLines => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Kml => "application/vnd.google-earth.kml+xml",
            Self::GeoPackage => "application/geopackage+sqlite3",
            Self::FlatGeobuf => "application/flatgeobuf",
            Self::Shapefile => "application/zip",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::PmTiles => "application/vnd.pmtiles",
        }
    }

    /// The format of a file name.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|format| name.ends_with(&format!(".{}", format.extension())))
    }

    /// True if it can contain a layer of this geometry.
    pub fn holds(self, geometry: GeometryKind) -> bool {
        geometry != GeometryKind::None
            || !matches!(self, Self::Kml | Self::FlatGeobuf | Self::Shapefile | Self::PmTiles)
    }

    /// True if one file can contain several layers.
    pub fn holds_several(self) -> bool {
        matches!(self, Self::GeoPackage | Self::PmTiles)
    }

    /// True if it is written feature by feature from the first to the last byte, so that it can be sent as it is made.
    pub fn is_text(self) -> bool {
        matches!(self, Self::GeoJson | Self::GeoJsonLines | Self::Csv | Self::Kml)
    }

    fn word(self) -> &'static str {
        match self {
            Self::GeoJson => "GeoJSON",
            Self::GeoJsonLines => "GeoJSON lines",
            Self::Csv => "CSV",
            Self::Kml => "KML",
            Self::GeoPackage => "GeoPackage",
            Self::FlatGeobuf => "FlatGeobuf",
            Self::Shapefile => "Shapefile",
            Self::Parquet => "GeoParquet",
            Self::PmTiles => "PMTiles",
        }
    }
}

/// Text that must accompany every layer of a file.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    /// The title of the map.
    pub map: String,
    /// Id of the worldview.
    pub worldview: String,
    /// The convention in force.
    pub convention: String,
    /// The disclaimer.
    pub disclaimer: String,
    /// The day on which the file was made (RFC 3339 full-date).
    pub date: String,
}

/// Contents of a file: some features of a layer, and the statement about them.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The layer, with the data of its tiles.
    pub tiles: Arc<LayerTiles>,
    /// Which features, in the order of the file.
    pub features: Rows,
    /// Positions of the fields, in the order of the file.
    pub fields: Vec<usize>,
    /// The language of `name`, titles and notes.
    pub language: Language,
    /// Text that must accompany the features.
    pub statement: Arc<Statement>,
    /// When writing must end though the file is not complete.
    pub halt: Halt,
}

/// Positions of features in their layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// All features of the layer; their number.
    All(u32),
    /// These.
    These(Vec<u32>),
}

impl Rows {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::All(count) => *count as usize,
            Self::These(list) => list.len(),
        }
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The position of the feature at this place of the file, which must be below [`Self::len`].
    pub fn at(&self, nth: usize) -> u32 {
        match self {
            Self::All(_) => nth as u32,
            Self::These(list) => list[nth],
        }
    }

    /// All positions, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = u32> + '_ {
        (0..self.len()).map(|nth| self.at(nth))
    }
}

impl FromIterator<u32> for Rows {
    fn from_iter<I: IntoIterator<Item = u32>>(positions: I) -> Self {
        Self::These(positions.into_iter().collect())
    }
}

/// When writing must end though the file is not complete: at a deadline, or when the client is gone.
#[derive(Clone, Debug, Default)]
pub struct Halt {
    until: Option<Instant>,
    cancelled: Option<Arc<AtomicBool>>,
}

impl Halt {
    /// Ends writing after a time from now, or as soon as the flag is set.
    pub fn after(time: Duration, cancelled: Arc<AtomicBool>) -> Self {
        Self {
            until: Instant::now().checked_add(time),
            cancelled: Some(cancelled),
        }
    }

    fn check(&self) -> Result<(), ExportError> {
        let cancelled = self.cancelled.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed));
        match cancelled || self.until.is_some_and(|until| Instant::now() > until) {
            true => Err(ExportError::Halted),
            false => Ok(()),
        }
    }
}

/// Today by UTC, as [`Statement::date`] has it.
pub fn today() -> String {
    let mut moment = jiff::Timestamp::now().to_string();
    moment.truncate("2026-01-01".len());
    moment
}

impl Selection {
    /// All features and fields of a layer.
    pub fn whole(tiles: Arc<LayerTiles>, language: Language, statement: Arc<Statement>) -> Self {
        let layer = tiles.layer();
        Self {
            features: Rows::All(layer.len() as u32),
            fields: (0..layer.fields.len()).collect(),
            tiles,
            language,
            statement,
            halt: Halt::default(),
        }
    }

    /// The layer.
    pub fn layer(&self) -> &Layer {
        self.tiles.layer()
    }

    fn title(&self) -> &str {
        self.layer().title.best(self.language)
    }

    /// Title, sources, worldview, convention and disclaimer: the members of GeoJSON and of every format that can
    /// contain JSON.
    pub fn members(&self) -> Map<String, Value> {
        let layer = self.layer();
        let members = json!({
            "name": layer.id,
            "title": self.title(),
            "description": layer.description.best(self.language),
            "attribution": layer.attribution,
            "worldview": self.statement.worldview,
            "convention": self.statement.convention,
            "disclaimer": self.statement.disclaimer,
        });
        match members {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// Description, sources, convention and disclaimer in one text.
    fn about(&self) -> String {
        let layer = self.layer();
        let parts = [
            layer.description.best(self.language),
            &layer.attribution,
            &self.statement.convention,
            &self.statement.disclaimer,
        ];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The features, in order.
    fn refs(&self) -> impl ExactSizeIterator<Item = FeatureRef<'_>> {
        self.features.iter().map(|index| self.layer().at(index))
    }

    /// The fields, in order.
    fn fields(&self) -> impl ExactSizeIterator<Item = &Field> {
        self.fields.iter().map(|&position| &self.layer().fields[position])
    }

    /// The types of the fields as their values are. A field of times is one of days, of moments, or of both: its type is then
    /// [`FieldType::Date`], [`FieldType::DateTime`] or [`FieldType::Time`], and text if a value is neither.
    fn kinds(&self) -> Vec<FieldType> {
        let kind = |&position: &usize| {
            let kind = self.layer().fields[position].kind;
            if !kind.is_temporal() {
                return kind;
            }
            let (mut days, mut moments) = (false, false);
            for feature in self.refs() {
                if let ValueRef::Text(text) = feature.field_value(position, self.language) {
                    let is_day = text.len() == DAY.len() && text.parse::<TimeSpan>().is_ok();
                    if !is_day && moment(text).is_none() {
                        return FieldType::String;
                    }
                    days |= is_day;
                    moments |= !is_day;
                }
            }
            match (days, moments) {
                (true, true) => FieldType::Time,
                (true, false) => FieldType::Date,
                (false, true) => FieldType::DateTime,
                (false, false) if kind == FieldType::Time => FieldType::Date,
                (false, false) => kind,
            }
        };
        self.fields.iter().map(kind).collect()
    }

    /// Number of features without a geometry.
    fn without_geometry(&self) -> usize {
        self.refs().filter(|feature| feature.geometry().is_none()).count()
    }

    /// The fields with a feature's values, `name` in the requested language.
    fn values<'s>(&'s self, feature: FeatureRef<'s>) -> impl Iterator<Item = (&'s Field, Value)> {
        let language = self.language;
        self.fields.iter().map(move |&position| {
            let value = feature.field_value(position, language).to_json();
            (&self.layer().fields[position], value)
        })
    }

    /// The geometry as the layer's one type: a single part of a layer of many-part geometries is one of many.
    fn geometry<'s>(&'s self, feature: FeatureRef<'s>) -> Option<Cow<'s, Geometry<f64>>> {
        let geometry = feature.geometry()?;
        Some(match (self.layer().geometry, &*geometry) {
            (GeometryKind::MultiPoint, Geometry::Point(one)) => Cow::Owned(MultiPoint(vec![*one]).into()),
            (GeometryKind::MultiLineString, Geometry::LineString(one)) => {
                Cow::Owned(MultiLineString(vec![one.clone()]).into())
            }
            (GeometryKind::MultiPolygon, Geometry::Polygon(one)) => Cow::Owned(MultiPolygon(vec![one.clone()]).into()),
            _ => geometry,
        })
    }

    /// The box around the features: west, south, east, north.
    fn extent(&self) -> Option<[f64; 4]> {
        let boxes = self.refs().filter_map(FeatureRef::bounds);
        boxes.reduce(crate::layers::Bounds::union).map(|bounds| bounds.0)
    }

    /// A column name that no field has.
    fn free_name(&self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        while self.fields().any(|field| field.name == name) {
            name.push('_');
        }
        name
    }
}

/// The form of a day.
const DAY: &str = "2021-12-03";

/// A moment of RFC 3339.
fn moment(text: &str) -> Option<jiff::Timestamp> {
    text.parse().ok()
}

/// The day of a day or moment of RFC 3339, as it is written: formats with one type a column have the days of a column that
/// has both, since midnight would be said of no day.
fn day_of(text: &str) -> &str {
    text.get(..DAY.len()).unwrap_or(text)
}

/// A value as plain text: empty for null, JSON for lists and objects.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Writes selections in a format; GeoPackage and PMTiles take more than one. `zooms` are those of PMTiles.
///
/// # Errors
/// A layer that the format cannot contain, several where it can contain one, or an error of the writer.
pub fn write(
    format: Format,
    selections: &[Selection],
    zooms: Zooms,
    out: &mut (dyn Write + Send),
) -> Result<(), ExportError> {
    match format {
        Format::GeoPackage => return geopackage::write(selections, out),
        Format::PmTiles => return pmtiles::write(selections, zooms, out),
        _ => {}
    }
    let [selection] = selections else {
        return Err(ExportError::OneLayer(format.word()));
    };
    let layer = selection.layer();
    if !format.holds(layer.geometry) {
        return Err(ExportError::NoGeometry(layer.id.clone(), format.word()));
    }
    match format {
        Format::FlatGeobuf => flatgeobuf::write(selection, out),
        Format::Shapefile => shapefile::write(selection, out),
        Format::Parquet => parquet::write(selection, out),
        _ => text::write(format, selection, out),
    }
}
