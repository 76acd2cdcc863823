//! Layers as files: GeoJSON, CSV, KML, GeoPackage, FlatGeobuf, Shapefile, GeoParquet, PMTiles.

use mahwar_geoparse::{geoparse, language, text};
use mahwar_layers::{events, layers, tiles};

/// Layers as files: GeoJSON, CSV, KML, GeoPackage, FlatGeobuf, Shapefile.
pub mod export;
