//! Mahwar turns news text about contested land into map layers that anyone can check.
//!
//! The core (`text`, `gazetteer`, `geoparse`, `geodesy`, `territory`, `corridor`, `layers`, `tiles`)
//! does no I/O and knows no HTTP; `land`, `server`, `store`, `compile` and `cli` stand around it.

/// Limits on bytes that are worked on at a time.
pub mod budget;
/// Command line: one file a command.
pub mod cli;
/// `build-data`: reads public reference files and writes the project's own `data/`.
pub mod compile;
/// The security-gap corridor: definitions, the line derived from them, linear referencing.
pub mod corridor;
/// Documents, their identity and their W3C annotations.
pub mod document;
/// Layers as files: GeoJSON, CSV, KML, GeoPackage, FlatGeobuf, Shapefile.
pub mod export;
/// The font of the map: outlines and glyphs for MapLibre.
pub mod fonts;
/// Places, their names and how to find them.
pub mod gazetteer;
/// Lengths, areas and distances on the WGS 84 ellipsoid, and map projections.
pub mod geodesy;
/// Text in; mentions, quantities, attributions and claims out.
pub mod geoparse;
/// Texts on their way in: JSON, plain text, HTML, files and feeds.
pub mod ingest;
/// One land: everything read from a data folder, ready for use.
pub mod land;
/// Languages and texts in three languages.
pub mod language;
/// Named sets of features, indexed in R-trees.
pub mod layers;
/// Puts a land and its documents before the server.
pub mod publish;
/// Draws the style to pictures: PNG, WebP, SVG, PDF.
pub mod render;
/// The HTTP side.
pub mod server;
/// Documents that stay, mentions and claims as rows, rulings: in SQLite or PostgreSQL.
pub mod store;
/// The one style of the map, in its themes, worldviews and languages.
pub mod style;
/// Boundaries with shared arcs, disputed areas, control by period, worldviews.
pub mod territory;
/// Folding, offsets, tokens and language of text.
pub mod text;
mod threads;
/// Tile matrix sets, clipping and vector tile encoding.
pub mod tiles;
