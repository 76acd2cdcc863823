//! A picture before it is written: marks in order, in pixels of the page.

use super::shape::Shaped;
use crate::{
    fonts::Font,
    style::{Figure, Ink, Pen},
};
use std::{collections::BTreeSet, sync::Arc};
use tiny_skia::Path;

/// Marks in the order of drawing.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Width and height in pixels.
    pub size: [f64; 2],
    /// The colour under everything.
    pub ground: Option<Ink>,
    /// The marks.
    pub marks: Vec<Mark>,
    /// Figures that marks fill areas with.
    pub figures: Vec<Figure>,
    /// Layers of the map that have marks, each with true for lines and points and false for areas.
    pub shown: BTreeSet<(String, bool)>,
}

/// One mark.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Mark {
    /// An area, filled evenly (nonzero winding).
    Fill { path: Path, ink: Ink },
    /// An area, filled with a figure again and again; the figure's corner is at `phase`.
    Hatch { path: Path, figure: usize, phase: [f32; 2] },
    /// A line.
    Stroke { path: Path, ink: Ink, pen: Pen },
    /// Words.
    Words(Words),
}

/// Words in one line.
#[derive(Clone, Debug)]
pub struct Words {
    /// The glyphs.
    pub line: Arc<Shaped>,
    /// The font.
    pub font: &'static Font,
    /// Pixels for an em.
    pub size: f32,
    /// Their colour.
    pub ink: Ink,
    /// Colour and width of the halo that keeps them clear of the ground.
    pub halo: Option<(Ink, f32)>,
    /// Position of the middle of the baseline.
    pub at: [f32; 2],
    /// Radians clockwise around that.
    pub angle: f32,
}

impl Words {
    /// How wide they are, in pixels.
    pub fn width(&self) -> f32 {
        self.line.width * self.size
    }
}
