//! Archives of ready tiles: PMTiles and MBTiles. A tile is read from the file at each request.

mod mbtiles;
mod pmtiles;

use super::{error::SourceError, formats::Format, spec::LayerSpec};
use crate::layers::Bounds;
use serde_json::Value;

/// The kind of the tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum TileKind {
    Mvt,
    Png,
    Jpeg,
    Webp,
    Avif,
}

impl TileKind {
    /// The extension in addresses.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mvt => "mvt",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Avif => "avif",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Mvt => "application/vnd.mapbox-vector-tile",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }

    /// True for vector tiles.
    pub fn is_vector(self) -> bool {
        self == Self::Mvt
    }
}

/// A tile as stored in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveTile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// True if they are compressed with gzip.
    pub is_gzip: bool,
}

/// Facts that an archive states of itself.
#[derive(Clone, Debug)]
pub struct Description {
    /// The kind of its tiles.
    pub kind: TileKind,
    /// Its first and last zoom.
    pub zooms: [u8; 2],
    /// Where its tiles lie.
    pub bounds: Option<Bounds>,
    /// Attribution, as HTML or text.
    pub attribution: String,
    /// `vector_layers` of TileJSON: layers of vector tiles with their fields.
    pub vector_layers: Vec<Value>,
}

/// An archive of tiles.
#[derive(Debug)]
pub struct Archive {
    /// Its name in addresses.
    pub name: String,
    /// The operator's description of it.
    pub spec: LayerSpec,
    /// Its own description.
    pub about: Description,
    /// Changes with the file.
    pub revision: u64,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Pm(pmtiles::PmTiles),
    Mb(mbtiles::MbTiles),
}

impl Archive {
    /// Opens an archive.
    ///
    /// # Errors
    /// A file that cannot be read, is cut off, or is of a kind or compression that is not served.
    pub fn open(spec: &LayerSpec, format: Format) -> Result<Self, SourceError> {
        let (source, about) = match format {
            Format::PmTiles => {
                let (archive, about) = pmtiles::PmTiles::open(spec)?;
                (Source::Pm(archive), about)
            }
            _ => {
                let (archive, about) = mbtiles::MbTiles::open(spec)?;
                (Source::Mb(archive), about)
            }
        };
        Ok(Self {
            name: spec.name.clone(),
            spec: spec.clone(),
            about,
            revision: revision(spec),
            source,
        })
    }

    /// A tile by zoom, column and row from the north; `None` where the archive has none.
    ///
    /// # Errors
    /// A file that cannot be read any more.
    pub fn tile(&self, z: u8, x: u32, y: u32) -> Result<Option<ArchiveTile>, SourceError> {
        if z > 30 || u64::from(x.max(y)) >= 1 << z {
            return Ok(None);
        }
        match &self.source {
            Source::Pm(archive) => archive.tile(&self.spec, z, x, y),
            Source::Mb(archive) => archive.tile(&self.spec, z, x, y),
        }
    }

    /// The ids of the layers of its vector tiles.
    pub fn tile_layers(&self) -> Vec<&str> {
        self.about
            .vector_layers
            .iter()
            .filter_map(|layer| layer["id"].as_str())
            .collect()
    }
}

/// A number that changes with the length and the time of the file.
fn revision(spec: &LayerSpec) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = rustc_hash::FxHasher::default();
    spec.source.hash(&mut hasher);
    if let Ok(metadata) = std::fs::metadata(&spec.source) {
        metadata.len().hash(&mut hasher);
        metadata.modified().ok().hash(&mut hasher);
    }
    hasher.finish()
}

/// Members of the JSON metadata that both formats have.
fn described(json: &Value) -> (String, Vec<Value>) {
    let attribution = json["attribution"].as_str().unwrap_or_default().to_owned();
    let layers = json["vector_layers"].as_array().cloned().unwrap_or_default();
    (attribution, layers)
}

/// The bytes of a gzip stream, up to a limit.
fn gunzip(bytes: &[u8], most: usize) -> Result<Vec<u8>, String> {
    use std::io::Read;
    let mut out = Vec::new();
    let mut reader = flate2::read::GzDecoder::new(bytes).take(most as u64 + 1);
    reader.read_to_end(&mut out).map_err(|error| error.to_string())?;
    match out.len() > most {
        true => Err(format!("it has more than {most} bytes")),
        false => Ok(out),
    }
}
