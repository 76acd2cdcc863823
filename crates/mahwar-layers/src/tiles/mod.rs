//! Vector tiles (MVT 2.1, and MLT) straight from layers: tile matrix sets, clipping, encoding.
//!
//! All data that does not depend on the tile is computed once for a layer, at the first tile that needs it: projected
//! coordinates as 32-bit fixed point (9 mm at the equator), boxes of rings, distinct attribute values. A tile is then
//! integer arithmetic and copying of bytes.

mod budget;
/// Clipping of lines and rings to the window of a tile.
pub mod clip;
mod encode;
mod layer_tiles;
mod matrix;
mod mlt;
/// Geometries in fixed-point map coordinates, simplified for each zoom.
pub mod shapes;
/// The wire format of protocol buffers, as far as tiles and glyphs need it.
pub mod wire;

pub use budget::LEFT_OUT;
pub use clip::{Window, clip_line, clip_ring};
pub use encode::Scratch;
pub use layer_tiles::{LayerTiles, TileOptions, inside};
pub use matrix::{MAX_ZOOM, TileId, TileMatrixSet};
pub use mlt::{MltFault, TileFormat, to_mlt};

/// Units along the side of a tile.
pub const EXTENT: i32 = 4096;
/// Width of the buffer around a tile, in the same units.
pub const BUFFER: i32 = 64;
