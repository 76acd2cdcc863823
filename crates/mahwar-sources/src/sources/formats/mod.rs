//! Readers, one for each format. The format follows from the extension of a file and, for databases, from its tables.

mod delimited;
mod flatgeobuf;
mod geoarrow;
mod geojson;
mod geopackage;
mod geoparquet;
mod shapefile;

pub use geoparquet::{ParquetRows, parquet_rows};

use super::{error::SourceError, rows::Rows, spec::LayerSpec};
use std::{
    fs::File,
    io::{BufReader, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

/// The largest file that is read into memory, in bytes: 1 GiB.
pub const MAX_BYTES: u64 = 1 << 30;

/// A format of own layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Format {
    GeoJson,
    /// One feature a line.
    GeoJsonLines,
    FlatGeobuf,
    GeoPackage,
    GeoParquet,
    Shapefile,
    /// Comma-separated values, also with other separators.
    Csv,
    PmTiles,
    MbTiles,
    PostGis,
}

/// The extensions, for messages.
const EXTENSIONS: &str = ".geojson .json .ndjson .geojsonl .fgb .gpkg .parquet .shp .csv .tsv .pmtiles .mbtiles, or a postgres:// \
                          address";

impl Format {
    /// The format of a source.
    ///
    /// # Errors
    /// A file of another extension.
    pub fn of(spec: &LayerSpec) -> Result<Self, SourceError> {
        if spec.is_table() {
            return Ok(Self::PostGis);
        }
        let extension = Path::new(&spec.source)
            .extension()
            .and_then(|extension| extension.to_str());
        let extension = extension.unwrap_or_default().to_ascii_lowercase();
        Ok(match extension.as_str() {
            "geojson" | "json" => Self::GeoJson,
            "ndjson" | "geojsonl" | "geojsons" | "jsonl" | "geojsonseq" => Self::GeoJsonLines,
            "fgb" => Self::FlatGeobuf,
            "gpkg" => Self::GeoPackage,
            "parquet" | "geoparquet" => Self::GeoParquet,
            "shp" => Self::Shapefile,
            "csv" | "tsv" | "txt" => Self::Csv,
            "pmtiles" => Self::PmTiles,
            "mbtiles" => Self::MbTiles,
            "zip" => {
                let what = "a ZIP archive is not read";
                return Err(SourceError::new(spec.shown_source(), what)
                    .remedy("unpack it, and name the .shp, .gpkg or .geojson inside"));
            }
            "xlsx" | "xls" | "ods" => {
                let what = "a spreadsheet is not read";
                return Err(SourceError::new(spec.shown_source(), what).remedy("save the sheet as CSV (UTF-8)"));
            }
            other => {
                return Err(SourceError::new(
                    spec.shown_source(),
                    format!("the extension {other:?} is no known format"),
                )
                .remedy(format!("known are {EXTENSIONS}")));
            }
        })
    }

    /// True for archives of tiles.
    pub fn is_archive(self) -> bool {
        matches!(self, Self::PmTiles | Self::MbTiles)
    }
}

/// Reads all rows of a file.
///
/// # Errors
/// A file that cannot be read, is longer than [`MAX_BYTES`], or is not of its format, with the row where there is one.
pub fn read(spec: &LayerSpec, format: Format) -> Result<Rows, SourceError> {
    let path = Path::new(&spec.source);
    check_length(spec, path)?;
    let reading = || match format {
        Format::GeoJson => geojson::read(spec, path),
        Format::GeoJsonLines => geojson::read_lines(spec, path),
        Format::FlatGeobuf => flatgeobuf::read(spec, path),
        Format::GeoPackage => geopackage::read(spec, path),
        Format::GeoParquet => geoparquet::read(spec, path),
        Format::Shapefile => shapefile::read(spec, path),
        Format::Csv => delimited::read(spec, path),
        Format::PmTiles | Format::MbTiles | Format::PostGis => Err(SourceError::new(
            spec.shown_source(),
            "it has no rows to read into memory",
        )),
    };
    // Libraries for formats may panic at damaged files; a server with other layers goes on.
    catch_unwind(AssertUnwindSafe(reading)).unwrap_or_else(|_| {
        Err(SourceError::new(
            spec.shown_source(),
            "the file is damaged in a way that its reader does not expect",
        )
        .remedy("write it again with the program that made it, or convert it with ogr2ogr"))
    })
}

fn check_length(spec: &LayerSpec, path: &Path) -> Result<(), SourceError> {
    let length = open(spec, path)?
        .metadata()
        .map_err(|error| failed(spec, &error))?
        .len();
    if length > MAX_BYTES {
        let mib = |bytes: u64| bytes >> 20;
        let what = format!(
            "it has {} MiB; files up to {} MiB are read into memory",
            mib(length),
            mib(MAX_BYTES)
        );
        return Err(SourceError::new(spec.shown_source(), what).remedy(
            "make a tile archive of it (tippecanoe -o layer.pmtiles …), or load it into PostGIS (ogr2ogr) and name the table",
        ));
    }
    Ok(())
}

fn open(spec: &LayerSpec, path: &Path) -> Result<File, SourceError> {
    crate::files::open_regular(path).map_err(|error| failed(spec, &error))
}

fn buffered(spec: &LayerSpec, path: &Path) -> Result<BufReader<File>, SourceError> {
    Ok(BufReader::with_capacity(256 << 10, open(spec, path)?))
}

fn bytes(spec: &LayerSpec, path: &Path) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    let mut file = open(spec, path)?;
    file.read_to_end(&mut bytes).map_err(|error| failed(spec, &error))?;
    Ok(bytes)
}

fn failed(spec: &LayerSpec, error: &std::io::Error) -> SourceError {
    let fault = SourceError::new(spec.shown_source(), format!("cannot be read: {error}"));
    match error.kind() {
        std::io::ErrorKind::NotFound => fault.remedy(
            "check the path; a relative one begins at the folder of mahwar.toml, or at \
                                                      the working folder for --layer",
        ),
        std::io::ErrorKind::PermissionDenied => fault.remedy("let the user of the server read it"),
        _ => fault,
    }
}

/// A fault of the file with the words of a library.
fn broken(spec: &LayerSpec, what: impl std::fmt::Display) -> SourceError {
    SourceError::new(spec.shown_source(), what.to_string())
}

/// The remedy for a file that ends early.
const CUT_OFF: &str =
    "it may still be written, or was cut off; write it beside its name and rename it when it is complete";
