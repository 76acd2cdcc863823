//! The figures of a theme: hatching and marks, as shapes, and as MapLibre's sheet of pixels.

use super::{
    evidence::RING,
    palette::{Class, Colour, Hatch, Palettes, Theme},
};
use serde_json::{Map, Value, json};
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, PixmapPaint, Stroke, StrokeDash, Transform,
};

/// Lines thinner than this, in pixels, need no round bends.
const THIN: f32 = 2.5;

/// A colour with an opacity of 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    /// Red, green, blue.
    pub colour: Colour,
    /// Opacity.
    pub opacity: f32,
}

impl Ink {
    /// The ink for painting.
    pub fn paint(self) -> Paint<'static> {
        let [red, green, blue] = self.colour.0;
        let mut paint = Paint {
            anti_alias: true,
            ..Paint::default()
        };
        paint.set_color(Color::from_rgba8(red, green, blue, self.alpha()));
        paint
    }

    /// Opacity of 0 to 255.
    pub fn alpha(self) -> u8 {
        (self.opacity * 255.0).round() as u8
    }
}

/// How a line is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Pen {
    /// Pixels.
    pub width: f32,
    /// Lengths of dashes and gaps in pixels; empty for an unbroken line.
    pub dashes: Vec<f32>,
    /// Pixels of the dashes that lie before the line's beginning.
    pub offset: f32,
    /// True if ends are round.
    pub round: bool,
}

impl Pen {
    /// An unbroken line.
    pub fn solid(width: f32) -> Self {
        Self {
            width,
            dashes: Vec::new(),
            offset: 0.0,
            round: false,
        }
    }

    /// The pen for painting.
    pub fn stroke(&self) -> Stroke {
        Stroke {
            width: self.width,
            line_cap: if self.round { LineCap::Round } else { LineCap::Butt },
            // The bends of a thin line look alike, and rounding each takes most of the time of a map.
            line_join: if self.width < THIN {
                LineJoin::Miter
            } else {
                LineJoin::Round
            },
            miter_limit: 2.0,
            dash: match self.dashes.as_slice() {
                [] => None,
                dashes => StrokeDash::new(dashes.to_vec(), self.offset),
            },
        }
    }
}

/// A shape of a figure: filled, or with an edge, or both.
#[derive(Clone, Debug)]
pub struct Stroked {
    /// Its outline.
    pub path: Path,
    /// Its inside.
    pub fill: Option<Ink>,
    /// Its edge.
    pub edge: Option<(Ink, Pen)>,
}

/// A figure that styles name.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Its name in the style.
    pub name: String,
    /// Its side in pixels.
    pub side: f32,
    /// Its shapes, in order.
    pub shapes: Vec<Stroked>,
}

impl Figure {
    /// The figure as pixels, so many for one.
    pub fn pixels(&self, ratio: f32) -> Option<Pixmap> {
        let side = (self.side * ratio).round() as u32;
        let mut pixels = Pixmap::new(side, side)?;
        let scale = Transform::from_scale(ratio, ratio);
        for shape in &self.shapes {
            if let Some(ink) = shape.fill {
                pixels.fill_path(&shape.path, &ink.paint(), FillRule::Winding, scale, None);
            }
            if let Some((ink, pen)) = &shape.edge {
                pixels.stroke_path(&shape.path, &ink.paint(), &pen.stroke(), scale, None);
            }
        }
        Some(pixels)
    }
}

/// The figure of a class's hatching.
pub fn hatch_name(class: &Class) -> String {
    format!("hatch-{}", class.class)
}

/// The figures of a theme.
pub fn figures(palettes: &Palettes, theme: &Theme) -> Vec<Figure> {
    let mut all = Vec::new();
    for class in &palettes.classes {
        if let Some(direction) = class.hatch {
            let ink = ink(theme.ink_of(class), theme.hatch as f32);
            all.push((hatch_name(class), 8.0, hatching(ink, 8.0, 1.0, direction)));
        }
    }
    let axis = ink(theme.claim, 0.38);
    all.push((
        "hatch-axis".to_owned(),
        16.0,
        hatching(axis, 16.0, 1.25, Hatch::Falling),
    ));
    all.push(("diamond".to_owned(), 16.0, diamond(theme)));
    let faint = ink(theme.mention_fill, 0.16);
    all.push(("ring-coarse".to_owned(), RING as f32, ring(theme, faint, [7.0, 5.0])));
    let blank = ink(theme.halo, 0.8);
    all.push(("ring-unsure".to_owned(), RING as f32, ring(theme, blank, [2.0, 5.0])));
    let kept = all.into_iter().filter_map(|(name, side, shape)| {
        Some(Figure {
            name,
            side,
            shapes: vec![shape?],
        })
    });
    kept.collect()
}

fn ink(colour: Colour, opacity: f32) -> Ink {
    Ink { colour, opacity }
}

/// Lines at 45°, in a square that repeats without a seam.
fn hatching(ink: Ink, side: f32, width: f32, direction: Hatch) -> Option<Stroked> {
    let mut path = PathBuilder::new();
    for shift in [-side, 0.0, side] {
        let (from, to) = match direction {
            Hatch::Rising => (side, 0.0),
            Hatch::Falling => (0.0, side),
        };
        // A little beyond the square on both ends, where the square's edge cuts it.
        let lean = if from > to { 1.0 } else { -1.0 };
        path.move_to(shift - 1.0, from + lean);
        path.line_to(shift + side + 1.0, to - lean);
    }
    Some(Stroked {
        path: path.finish()?,
        fill: None,
        edge: Some((ink, Pen::solid(width))),
    })
}

fn diamond(theme: &Theme) -> Option<Stroked> {
    let mut path = PathBuilder::new();
    path.move_to(8.0, 2.0);
    path.line_to(14.0, 8.0);
    path.line_to(8.0, 14.0);
    path.line_to(2.0, 8.0);
    path.close();
    Some(Stroked {
        path: path.finish()?,
        fill: Some(ink(theme.claim, 1.0)),
        edge: Some((ink(theme.paper, 1.0), Pen::solid(1.5))),
    })
}

/// A filled circle with a broken edge.
fn ring(theme: &Theme, fill: Ink, dashes: [f32; 2]) -> Option<Stroked> {
    let middle = RING as f32 / 2.0;
    Some(Stroked {
        path: PathBuilder::from_circle(middle, middle, middle - 2.0)?,
        fill: Some(fill),
        edge: Some((
            ink(theme.mention, 1.0),
            Pen {
                dashes: dashes.to_vec(),
                ..Pen::solid(2.75)
            },
        )),
    })
}

/// All figures of a theme in one picture.
#[derive(Clone, Debug)]
pub struct SpriteSheet {
    /// The pixels.
    pub pixels: Pixmap,
    /// Position of each figure, as MapLibre reads it.
    pub index: Value,
}

/// The figures side by side, so many pixels for one.
pub fn sprite_sheet(palettes: &Palettes, theme: &Theme, ratio: u32) -> Option<SpriteSheet> {
    let figures = figures(palettes, theme);
    let drawn = figures
        .iter()
        .filter_map(|figure| Some((&figure.name, figure.pixels(ratio as f32)?)));
    let drawn: Vec<(&String, Pixmap)> = drawn.collect();
    let width = drawn.iter().map(|(_, picture)| picture.width()).sum();
    let height = drawn.iter().map(|(_, picture)| picture.height()).max()?;
    let mut pixels = Pixmap::new(width, height)?;
    let mut index = Map::new();
    let mut x = 0;
    for (name, picture) in drawn {
        let [w, h] = [picture.width(), picture.height()];
        pixels.draw_pixmap(
            x as i32,
            0,
            picture.as_ref(),
            &PixmapPaint::default(),
            Transform::identity(),
            None,
        );
        let place = json!({"x": x, "y": 0, "width": w, "height": h, "pixelRatio": ratio});
        index.insert(name.clone(), place);
        x += w;
    }
    Some(SpriteSheet {
        pixels,
        index: Value::Object(index),
    })
}
