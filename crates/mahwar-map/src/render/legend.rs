//! Rows of a legend: a sample drawn with the style's own layers, and its words beside it.

use super::{
    compile::Drawing,
    frame::{Hand, ink, write},
    paint::paint_sample,
    scene::Scene,
    shape::shape,
};
use crate::{
    fonts::FONTS,
    language::Language,
    style::{Figure, Sample, Theme},
};

/// Height of a row in pixels.
pub(super) const ROW: f64 = 23.0;
/// Width of a sample in pixels.
pub(super) const SAMPLE: f64 = 34.0;
/// Pixels between a sample and its words.
const GAP: f64 = 10.0;
/// Pixels around the rows of a legend that is a picture of its own.
const MARGIN: f64 = 4.0;
/// Zoom whose widths and sizes the samples of such a legend have, by MapLibre's count.
const ZOOM: f64 = 8.0;
/// The most rows of such a legend.
const MAX_ROWS: usize = 170;
/// Pixels for an em of the words.
const SIZE: f32 = 11.5;

/// Where rows are drawn.
pub(super) struct RowPlace {
    /// The edge where reading begins.
    pub outer: f64,
    /// The upper edge of the first row.
    pub top: f64,
    /// Zoom of the samples, by MapLibre's count.
    pub zoom: f64,
    pub right_to_left: bool,
}

/// Width of the longest words in pixels.
pub(super) fn text_width(rows: &[Sample]) -> f64 {
    let widths = rows.iter().map(|row| shape(&FONTS[0], &row.title).width * SIZE);
    f64::from(widths.fold(0.0, f32::max))
}

/// Draws rows below one another.
pub(super) fn rows(scene: &mut Scene, drawing: &Drawing, rows: &[Sample], theme: &Theme, place: RowPlace) {
    let RowPlace {
        outer,
        top,
        zoom,
        right_to_left,
    } = place;
    let hand: Hand = (&FONTS[0], SIZE);
    for (nth, row) in rows.iter().enumerate() {
        let middle = top + nth as f64 * ROW + 8.0;
        let start = if right_to_left { outer - SAMPLE } else { outer };
        let sample = [start, middle - 10.0, SAMPLE, 20.0].map(|value| value as f32);
        paint_sample(drawing, row, sample, zoom, scene);
        let beside = if right_to_left {
            start - GAP
        } else {
            start + SAMPLE + GAP
        };
        write(
            scene,
            &row.title,
            hand,
            ink(theme.text, 1.0),
            [beside, middle + 4.0],
            right_to_left,
        );
    }
}

/// A legend that is a picture of its own, without heading or frame.
#[derive(Debug)]
pub struct Legend<'a> {
    /// The compiled style.
    pub drawing: &'a Drawing,
    /// The rows, from above; those beyond the greatest height of a picture are left out.
    pub samples: &'a [Sample],
    /// The theme.
    pub theme: &'a Theme,
    /// Figures that areas are filled with.
    pub figures: Vec<Figure>,
    /// The language; rows of Arabic and Sorani begin at the right.
    pub language: Language,
}

impl Legend<'_> {
    /// Width and height in pixels of a legend with these rows.
    pub fn size(samples: &[Sample]) -> [u32; 2] {
        let shown = &samples[..samples.len().min(MAX_ROWS)];
        let width = SAMPLE + GAP + text_width(shown) + 2.0 * MARGIN;
        let height = shown.len().max(1) as f64 * ROW;
        [width, height].map(|side| side.ceil() as u32)
    }

    /// The legend as marks.
    pub fn scene(self) -> Scene {
        let shown = &self.samples[..self.samples.len().min(MAX_ROWS)];
        let [width, height] = Self::size(self.samples).map(f64::from);
        let mut scene = Scene {
            size: [width, height],
            ground: None,
            marks: Vec::new(),
            figures: self.figures,
            shown: std::collections::BTreeSet::new(),
        };
        let right_to_left = self.language != Language::English;
        let place = RowPlace {
            outer: if right_to_left { width - MARGIN } else { MARGIN },
            top: MARGIN,
            zoom: ZOOM,
            right_to_left,
        };
        rows(&mut scene, self.drawing, shown, self.theme, place);
        scene
    }
}
