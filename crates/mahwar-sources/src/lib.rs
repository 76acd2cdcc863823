//! Layers of an operator beside those of the land: vector files, tile archives, PostGIS tables.

use mahwar_files as files;
use mahwar_geoparse::language;
use mahwar_layers::layers;
use mahwar_territory::geodesy;

/// Own layers: their descriptions, the formats that they are read from, and their state.
pub mod sources;
