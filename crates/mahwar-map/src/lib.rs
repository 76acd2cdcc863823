//! The map style, its fonts, and a renderer that draws the style to PNG, WebP, SVG and PDF.

use mahwar_geoparse::{language, text};
use mahwar_layers::{layers, tiles};
use mahwar_territory::geodesy;

/// The font of the map: outlines and glyphs for MapLibre.
pub mod fonts;
/// Draws the style to pictures: PNG, WebP, SVG, PDF.
pub mod render;
/// The one style of the map, in its themes, worldviews and languages.
pub mod style;
