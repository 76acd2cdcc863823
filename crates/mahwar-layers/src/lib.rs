//! Features, layers with R-trees and vector tiles of contested land.

use mahwar_geoparse::{gazetteer, geoparse, language, text};
use mahwar_territory::{corridor, geodesy, territory};

/// Documents, their identity and their W3C annotations.
pub mod document;
/// Links between claims that appear to be about the same event.
pub mod events;
/// Named sets of features, indexed in R-trees.
pub mod layers;
/// Tile matrix sets, clipping and vector tile encoding.
pub mod tiles;
