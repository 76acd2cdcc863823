//! The one style of the map: a MapLibre style (version 8) that the viewer, other clients and the renderer draw by.
//!
//! Themes, classes and words are in `style.toml`; the layers are drawn by small functions, one subject a file.

mod base;
mod catalogue;
mod evidence;
mod expression;
mod ground;
mod legend;
mod own;
mod palette;
mod positions;
mod sheet;
mod sprite;
mod territory;
mod units;

pub use base::{BASE, BaseMap, Schema};
pub use catalogue::{CATALOGUE, Group, Known};
pub use legend::{Sample, Shape, samples};
pub use own::TileArchive;
pub use palette::{Colour, PaletteError, Palettes, Theme, Words};
pub use sheet::{FONTS, Frame, Sheet, sheet};
pub use sprite::{Figure, Ink, Pen, SpriteSheet, Stroked, figures, sprite_sheet};
