//! MapLibre Tiles (MLT): the same layers, features and coordinates as in Mapbox Vector Tiles, in columns.

use mlt_core::{MltError, encoder::EncoderConfig, mvt::mvt_to_tile_layers};

/// The encoding of a vector tile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TileFormat {
    /// Mapbox Vector Tile 2.
    #[default]
    Mvt,
    /// MapLibre Tile, version 1.
    Mlt,
}

impl TileFormat {
    /// The format with this name, `mvt` or `mlt`.
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "mvt" => Some(Self::Mvt),
            "mlt" => Some(Self::Mlt),
            _ => None,
        }
    }

    /// Its name: the ending of addresses, and `encoding` of a source in MapLibre's style.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mvt => "mvt",
            Self::Mlt => "mlt",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Mvt => "application/vnd.mapbox-vector-tile",
            Self::Mlt => "application/vnd.maplibre-tile",
        }
    }
}

/// A tile that cannot be written as MLT.
#[derive(Debug, thiserror::Error)]
#[error("the tile cannot be written as MLT: {0}")]
pub struct MltFault(#[from] MltError);

/// A tile of this crate's encoder, written as MLT. Features keep their order, which is the order of drawing.
///
/// # Errors
/// When the library refuses the tile.
pub fn to_mlt(mvt: &[u8]) -> Result<Vec<u8>, MltFault> {
    let config = EncoderConfig::default()
        .with_spatial_morton_sort(false)
        .with_spatial_hilbert_sort(false)
        .with_id_sort(false);
    let mut out = Vec::new();
    for layer in mvt_to_tile_layers(mvt)? {
        out.extend(layer.encode(config)?);
    }
    Ok(out)
}
