//! Layers as files: GeoJSON, CSV, KML, GeoPackage, FlatGeobuf, Shapefile, GeoParquet, PMTiles.

use mahwar_geoparse::{language, text};
use mahwar_layers::{layers, tiles};

/// Layers as files: GeoJSON, CSV, KML, GeoPackage, FlatGeobuf, Shapefile.
pub mod export;
