//! The pictures of a theme: hatching and marks, drawn by the program, packed into one sheet.

use super::{
    evidence::RING,
    palette::{Class, Colour, Hatch, Palettes, Theme},
};
use serde_json::{Map, Value, json};
use tiny_skia::{Color, FillRule, LineCap, Paint, Path, PathBuilder, Pixmap, Stroke, StrokeDash, Transform};

/// A picture.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Its name in the style.
    pub name: String,
    /// Its pixels.
    pub pixels: Pixmap,
}

/// All pictures of a theme in one.
#[derive(Clone, Debug)]
pub struct SpriteSheet {
    /// The pixels.
    pub pixels: Pixmap,
    /// Where each picture stands, as MapLibre reads it.
    pub index: Value,
}

/// The picture of a class's hatching.
pub fn hatch_name(class: &Class) -> String {
    format!("hatch-{}", class.class)
}

/// The pictures of a theme at so many pixels for one.
pub fn pictures(palettes: &Palettes, theme: &Theme, ratio: u32) -> Vec<Picture> {
    let mut all = Vec::new();
    for class in &palettes.classes {
        if let Some(direction) = class.hatch {
            let ink = paint(theme.ink_of(class), theme.hatch);
            all.push((hatch_name(class), hatching(&ink, 8.0, 1.0, direction, ratio)));
        }
    }
    let axis = paint(theme.claim, 0.38);
    all.push((
        "hatch-axis".to_owned(),
        hatching(&axis, 16.0, 1.25, Hatch::Falling, ratio),
    ));
    all.push(("diamond".to_owned(), diamond(theme, ratio)));
    let faint = paint(theme.mention_fill, 0.16);
    all.push(("ring-coarse".to_owned(), ring(theme, &faint, [7.0, 5.0], ratio)));
    let blank = paint(theme.halo, 0.8);
    all.push(("ring-unsure".to_owned(), ring(theme, &blank, [2.0, 5.0], ratio)));
    let kept = all
        .into_iter()
        .filter_map(|(name, pixels)| Some(Picture { name, pixels: pixels? }));
    kept.collect()
}

fn paint(colour: Colour, opacity: f64) -> Paint<'static> {
    let [red, green, blue] = colour.0;
    let mut paint = Paint {
        anti_alias: true,
        ..Paint::default()
    };
    paint.set_color(Color::from_rgba8(red, green, blue, (opacity * 255.0).round() as u8));
    paint
}

/// Lines at 45°, in a square that repeats without a seam.
fn hatching(ink: &Paint<'_>, side: f32, width: f32, direction: Hatch, ratio: u32) -> Option<Pixmap> {
    let pixels = side as u32 * ratio;
    let side = pixels as f32;
    let mut picture = Pixmap::new(pixels, pixels)?;
    let mut path = PathBuilder::new();
    for shift in [-side, 0.0, side] {
        let (from, to) = match direction {
            Hatch::Rising => (side, 0.0),
            Hatch::Falling => (0.0, side),
        };
        path.move_to(shift, from);
        path.line_to(shift + side, to);
    }
    let stroke = Stroke {
        width: width * ratio as f32,
        line_cap: LineCap::Square,
        ..Stroke::default()
    };
    picture.stroke_path(&path.finish()?, ink, &stroke, Transform::identity(), None);
    Some(picture)
}

fn diamond(theme: &Theme, ratio: u32) -> Option<Pixmap> {
    let side = 16 * ratio;
    let mut picture = Pixmap::new(side, side)?;
    let mut path = PathBuilder::new();
    path.move_to(8.0, 2.0);
    path.line_to(14.0, 8.0);
    path.line_to(8.0, 14.0);
    path.line_to(2.0, 8.0);
    path.close();
    let path = path.finish()?;
    let scale = Transform::from_scale(ratio as f32, ratio as f32);
    picture.fill_path(&path, &paint(theme.claim, 1.0), FillRule::Winding, scale, None);
    let edge = Stroke {
        width: 1.5,
        ..Stroke::default()
    };
    picture.stroke_path(&path, &paint(theme.paper, 1.0), &edge, scale, None);
    Some(picture)
}

/// A filled circle with a broken edge.
fn ring(theme: &Theme, fill: &Paint<'_>, dashes: [f32; 2], ratio: u32) -> Option<Pixmap> {
    let side = RING as u32 * ratio;
    let middle = RING as f32 / 2.0;
    let mut picture = Pixmap::new(side, side)?;
    let path: Path = PathBuilder::from_circle(middle, middle, middle - 2.0)?;
    let scale = Transform::from_scale(ratio as f32, ratio as f32);
    picture.fill_path(&path, fill, FillRule::Winding, scale, None);
    let edge = Stroke {
        width: 2.75,
        dash: StrokeDash::new(dashes.to_vec(), 0.0),
        ..Stroke::default()
    };
    picture.stroke_path(&path, &paint(theme.mention, 1.0), &edge, scale, None);
    Some(picture)
}

/// Packs the pictures side by side.
pub fn sprite_sheet(palettes: &Palettes, theme: &Theme, ratio: u32) -> Option<SpriteSheet> {
    let pictures = pictures(palettes, theme, ratio);
    let width = pictures.iter().map(|picture| picture.pixels.width()).sum();
    let height = pictures.iter().map(|picture| picture.pixels.height()).max()?;
    let mut pixels = Pixmap::new(width, height)?;
    let mut index = Map::new();
    let mut x = 0;
    for Picture { name, pixels: picture } in &pictures {
        pixels.draw_pixmap(
            x as i32,
            0,
            picture.as_ref(),
            &tiny_skia::PixmapPaint::default(),
            Transform::identity(),
            None,
        );
        let place = json!({
            "x": x, "y": 0, "width": picture.width(), "height": picture.height(), "pixelRatio": ratio,
        });
        index.insert(name.clone(), place);
        x += picture.width();
    }
    Some(SpriteSheet {
        pixels,
        index: Value::Object(index),
    })
}
