//! Glyphs as signed distance fields in MapLibre's protobuf, 256 characters a file.
//!
//! The figures are those of the format: 24 pixels, a border of 3, a radius of 8 and a cutoff of a quarter. Distances
//! are exact, computed from the outline; a file is made at the first request and cached.

use super::{FONTS, Font};
use crate::tiles::wire::{bytes, number};
use skrifa::{
    GlyphId, MetadataProvider,
    instance::{LocationRef, Size},
    outline::{DrawSettings, OutlinePen},
};
use std::sync::OnceLock;

const SIZE: f32 = 24.0;
const BORDER: i32 = 3;
const RADIUS: f32 = 8.0;
const CUTOFF: f32 = 0.25;
/// Height of the line's top over the baseline that clients assume, in pixels at this size.
const TOP: i32 = 27;
/// Files of a font.
const RANGES: usize = 256;

/// The glyphs of the 256 characters from `first` on, which is a multiple of 256 below 65,536.
pub fn glyph_range(font: &'static Font, first: u32) -> &'static [u8] {
    static MADE: [[OnceLock<Vec<u8>>; RANGES]; FONTS.len()] =
        [const { [const { OnceLock::new() }; RANGES] }; FONTS.len()];
    let position = FONTS.iter().position(|other| other.name == font.name).unwrap_or(0);
    let range = (first as usize / 256).min(RANGES - 1);
    MADE[position][range].get_or_init(|| make(font, range as u32 * 256))
}

fn make(font: &Font, first: u32) -> Vec<u8> {
    let mut stack = Vec::new();
    bytes(&mut stack, 1, font.name.as_bytes());
    bytes(&mut stack, 2, format!("{first}-{}", first + 255).as_bytes());
    if let Some(file) = font.open() {
        let charmap = file.charmap();
        let advances = file.glyph_metrics(Size::new(SIZE), LocationRef::default());
        let outlines = file.outline_glyphs();
        let letters = (first..first + 256).filter_map(char::from_u32);
        for (letter, id) in letters.filter_map(|letter| Some((letter, charmap.map(letter)?))) {
            if id == GlyphId::NOTDEF {
                continue;
            }
            let mut shape = Segments::default();
            if let Some(outline) = outlines.get(id) {
                let settings = DrawSettings::unhinted(Size::new(SIZE), LocationRef::default());
                // A glyph that cannot be drawn is one without an outline.
                let _ = outline.draw(settings, &mut shape);
            }
            let advance = advances.advance_width(id).unwrap_or(0.0).round().max(0.0) as u64;
            let glyph = glyph(letter as u32, advance, &shape.segments);
            bytes(&mut stack, 3, &glyph);
        }
    }
    let mut file = Vec::with_capacity(stack.len() + 8);
    bytes(&mut file, 1, &stack);
    file
}

fn glyph(id: u32, advance: u64, segments: &[[f32; 4]]) -> Vec<u8> {
    let mut out = Vec::new();
    number(&mut out, 1, u64::from(id));
    let field = Field::around(segments);
    if let Some(field) = &field {
        bytes(&mut out, 2, &field.pixels(segments));
    }
    let Field {
        left,
        top,
        width,
        height,
    } = field.unwrap_or_default();
    number(&mut out, 3, width as u64);
    number(&mut out, 4, height as u64);
    number(&mut out, 5, zigzag(left));
    number(&mut out, 6, zigzag(top - TOP));
    number(&mut out, 7, advance);
    out
}

/// Position of a glyph's pixels: from the pen to the left edge, from the baseline to the top, without the border.
#[derive(Clone, Copy, Default)]
struct Field {
    left: i32,
    top: i32,
    width: i32,
    height: i32,
}

impl Field {
    fn around(segments: &[[f32; 4]]) -> Option<Self> {
        let first = segments.first()?;
        let mut bounds = [first[0], first[1], first[0], first[1]];
        for [x0, y0, x1, y1] in segments {
            bounds[0] = bounds[0].min(*x0).min(*x1);
            bounds[1] = bounds[1].min(*y0).min(*y1);
            bounds[2] = bounds[2].max(*x0).max(*x1);
            bounds[3] = bounds[3].max(*y0).max(*y1);
        }
        let (left, bottom) = (bounds[0].floor() as i32, bounds[1].floor() as i32);
        let (right, top) = (bounds[2].ceil() as i32, bounds[3].ceil() as i32);
        (right > left && top > bottom).then_some(Self {
            left,
            top,
            width: right - left,
            height: top - bottom,
        })
    }

    fn pixels(&self, segments: &[[f32; 4]]) -> Vec<u8> {
        let rows = -BORDER..self.height + BORDER;
        let columns = -BORDER..self.width + BORDER;
        let mut pixels = Vec::with_capacity(rows.len() * columns.len());
        for row in rows {
            let y = (self.top - row) as f32 - 0.5;
            for column in columns.clone() {
                let x = (self.left + column) as f32 + 0.5;
                let outside = distance(segments, x, y);
                let value = 255.0 - 255.0 * (outside / RADIUS + CUTOFF);
                pixels.push(value.round().clamp(0.0, 255.0) as u8);
            }
        }
        pixels
    }
}

/// From a point to the outline; negative inside (nonzero winding).
fn distance(segments: &[[f32; 4]], x: f32, y: f32) -> f32 {
    let mut nearest = f32::MAX;
    let mut winding = 0;
    for [x0, y0, x1, y1] in segments {
        let (dx, dy) = (x1 - x0, y1 - y0);
        let length = dx * dx + dy * dy;
        let along = (((x - x0) * dx + (y - y0) * dy) / length).clamp(0.0, 1.0);
        let (ex, ey) = (x0 + along * dx - x, y0 + along * dy - y);
        nearest = nearest.min(ex * ex + ey * ey);
        let side = dx * (y - y0) - (x - x0) * dy;
        if *y0 <= y && *y1 > y && side > 0.0 {
            winding += 1;
        } else if *y0 > y && *y1 <= y && side < 0.0 {
            winding -= 1;
        }
    }
    let nearest = nearest.sqrt();
    if winding == 0 { nearest } else { -nearest }
}

/// An outline as straight pieces.
#[derive(Default)]
struct Segments {
    segments: Vec<[f32; 4]>,
    start: [f32; 2],
    pen: [f32; 2],
}

/// Pieces of a curve: at 24 pixels none is longer than a fraction of a pixel.
const PIECES: u32 = 8;

impl Segments {
    fn to(&mut self, x: f32, y: f32) {
        if self.pen != [x, y] {
            self.segments.push([self.pen[0], self.pen[1], x, y]);
            self.pen = [x, y];
        }
    }
}

impl OutlinePen for Segments {
    fn move_to(&mut self, x: f32, y: f32) {
        self.start = [x, y];
        self.pen = [x, y];
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.to(x, y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let [x0, y0] = self.pen;
        for piece in 1..=PIECES {
            let t = piece as f32 / PIECES as f32;
            let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            self.to(a * x0 + b * cx + c * x, a * y0 + b * cy + c * y);
        }
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let [x0, y0] = self.pen;
        for piece in 1..=PIECES {
            let t = piece as f32 / PIECES as f32;
            let u = 1.0 - t;
            let (a, b, c, d) = (u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t);
            self.to(a * x0 + b * cx0 + c * cx1 + d * x, a * y0 + b * cy0 + c * cy1 + d * y);
        }
    }

    fn close(&mut self) {
        let [x, y] = self.start;
        self.to(x, y);
    }
}

fn zigzag(value: i32) -> u64 {
    u64::from(((value << 1) ^ (value >> 31)) as u32)
}
