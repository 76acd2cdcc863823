//! Layers as files: one writer a format, all from the same selection of features.

mod flatgeobuf;
mod geopackage;
mod shapefile;
mod text;

use crate::{
    language::Language,
    layers::{FeatureRef, Field, FieldType, Layer},
};
use serde_json::Value;
use std::io::Write;

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
    #[error("the layer {0:?} has no geometry and {1} cannot hold it; use csv, geojson or gpkg")]
    NoGeometry(String, &'static str),
    #[error("{0} holds one layer; name one, or use gpkg")]
    OneLayer(&'static str),
}

/// A file format, by its extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Format {
    GeoJson,
    GeoJsonLines,
    Csv,
    Kml,
    GeoPackage,
    FlatGeobuf,
    Shapefile,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 7] = [
        Self::GeoJson,
        Self::GeoJsonLines,
        Self::Csv,
        Self::Kml,
        Self::GeoPackage,
        Self::FlatGeobuf,
        Self::Shapefile,
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
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::GeoJsonLines => "application/geo+json-seq",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Kml => "application/vnd.google-earth.kml+xml",
            Self::GeoPackage => "application/geopackage+sqlite3",
            Self::FlatGeobuf => "application/flatgeobuf",
            Self::Shapefile => "application/zip",
        }
    }

    /// The format of a file name.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|format| name.ends_with(&format!(".{}", format.extension())))
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
        }
    }
}

/// What goes into a file: some features of a layer, and what must be said with them.
pub struct Selection<'s> {
    /// The layer.
    pub layer: &'s Layer,
    /// The features, in order.
    pub features: Vec<FeatureRef<'s>>,
    /// The language of `name`, titles and notes.
    pub language: Language,
    /// Convention in force and disclaimer, in that language.
    pub notes: String,
}

impl<'s> Selection<'s> {
    fn title(&self) -> &str {
        self.layer.title.best(self.language)
    }

    /// Title, description, attribution, convention and disclaimer in one text.
    fn about(&self) -> String {
        let description = self.layer.description.best(self.language);
        [description, &self.layer.attribution, &self.notes]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The fields with a feature's values, `name` in the language asked for.
    fn values(&self, feature: FeatureRef<'s>) -> impl Iterator<Item = (&'s Field, Value)> {
        let fields = self.layer.fields.iter().enumerate();
        let language = self.language;
        fields.map(move |(position, field)| (field, feature.field_value(position, language).to_json()))
    }
}

/// A value as plain text: empty for null, JSON for lists and objects.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether a field's values are whole or decimal numbers.
fn is_number(kind: FieldType) -> bool {
    matches!(kind, FieldType::Number | FieldType::Integer)
}

/// Writes selections in a format. Only GeoPackage takes more than one.
pub fn write(format: Format, selections: &[Selection], mut out: &mut dyn Write) -> Result<(), ExportError> {
    if format == Format::GeoPackage {
        return geopackage::write(selections, out);
    }
    let [selection] = selections else {
        return Err(ExportError::OneLayer(format.word()));
    };
    match format {
        Format::GeoJson => text::geojson(selection, &mut out),
        Format::GeoJsonLines => text::geojson_lines(selection, &mut out),
        Format::Csv => text::csv(selection, &mut out),
        Format::Kml => text::kml(selection, &mut out),
        Format::FlatGeobuf => flatgeobuf::write(selection, out),
        Format::Shapefile => shapefile::write(selection, out),
        Format::GeoPackage => unreachable!("written above"),
    }
}
