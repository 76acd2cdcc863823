//! Writes a scene as pixels.

use super::{
    Deadline, RenderError,
    coverage::{Cover, Coverage},
    outline,
    scene::{Mark, Scene, Words},
};
use crate::style::{Figure, Ink};
use quick_cache::{Weighter, sync::Cache};
use std::sync::{Arc, LazyLock};
use tiny_skia::{Color, FillRule, LineJoin, Path, Pixmap, PixmapPaint, Stroke, Transform};

/// The scene as pixels, `ratio` of them for one of the scene.
pub fn pixels(scene: &Scene, ratio: f32, deadline: &Deadline) -> Result<Pixmap, RenderError> {
    let [width, height] = scene.size.map(|side| (side * f64::from(ratio)).round() as u32);
    let mut canvas = Pixmap::new(width, height).ok_or(RenderError::Size { width, height })?;
    if let Some(ink) = scene.ground {
        let [red, green, blue] = ink.colour.0;
        canvas.fill(Color::from_rgba8(red, green, blue, ink.alpha()));
    }
    let mut coverage = Coverage::new(width, height);
    for (nth, mark) in scene.marks.iter().enumerate() {
        if nth % 16 == 0 {
            deadline.check()?;
        }
        match mark {
            Mark::Fill { path, ink } => {
                coverage.fill(path, ratio);
                blend(&mut canvas, &mut coverage, *ink);
            }
            Mark::Hatch { path, figure, phase } => {
                coverage.fill(path, ratio);
                hatch(&mut canvas, &mut coverage, &scene.figures[*figure], *phase, ratio);
            }
            Mark::Stroke { path, ink, pen } => {
                coverage.stroke(path, pen, ratio);
                blend(&mut canvas, &mut coverage, *ink);
            }
            Mark::Words(words) => write(&mut canvas, words, ratio),
        }
    }
    Ok(canvas)
}

/// Puts a colour where something covers the ground.
fn blend(canvas: &mut Pixmap, coverage: &mut Coverage, ink: Ink) {
    let stride = canvas.width() as usize;
    let target = canvas.data_mut();
    let [red, green, blue] = ink.colour.0;
    let colour = [red, green, blue, 255].map(u16::from);
    let alpha = u16::from(ink.alpha());
    let put = |pixels: &mut [u8], over: u16| {
        let (add, keep) = (colour.map(|channel| channel * over), 255 - over);
        for pixel in pixels.chunks_exact_mut(4) {
            for (channel, add) in pixel.iter_mut().zip(add) {
                *channel = divided(add + u16::from(*channel) * keep) as u8;
            }
        }
    };
    coverage.take(|row, first, cover| {
        let start = (row * stride + first) * 4;
        match cover {
            Cover::Even(count, covered) => {
                put(
                    &mut target[start..start + count * 4],
                    divided(alpha * u16::from(covered)),
                );
            }
            Cover::Each(cover) => {
                let pixels = target[start..].chunks_exact_mut(4);
                for (pixel, &covered) in pixels.zip(cover).filter(|(_, covered)| **covered > 0) {
                    put(pixel, divided(alpha * u16::from(covered)));
                }
            }
        }
    });
}

/// Repeats a figure over an area.
fn hatch(canvas: &mut Pixmap, coverage: &mut Coverage, figure: &Figure, phase: [f32; 2], ratio: f32) {
    let stride = canvas.width() as usize;
    let target = canvas.data_mut();
    let Some(tile) = figure.pixels(ratio) else {
        return coverage.take(|_, _, _| {});
    };
    let side = tile.width() as usize;
    let [shift_x, shift_y] = phase.map(|phase| side - (phase * ratio).round() as usize % side);
    let mut put = |to: usize, source: &[u8], covered: u8| {
        let keep = 255 - divided(u16::from(source[3]) * u16::from(covered));
        if keep == 255 {
            return;
        }
        for (channel, &source) in target[to..to + 4].iter_mut().zip(source) {
            let over = divided(u16::from(source) * u16::from(covered));
            *channel = (over + divided(u16::from(*channel) * keep)).min(255) as u8;
        }
    };
    coverage.take(|row, first, cover| {
        let line = &tile.data()[(row + shift_y) % side * side * 4..][..side * 4];
        let figure = line.chunks_exact(4).cycle().skip((first + shift_x) % side);
        let pixels = (row * stride + first..).map(|pixel| pixel * 4).zip(figure);
        match cover {
            Cover::Even(count, covered) => pixels.take(count).for_each(|(to, source)| put(to, source, covered)),
            Cover::Each(cover) => pixels
                .zip(cover)
                .for_each(|((to, source), &covered)| put(to, source, covered)),
        }
    });
}

/// By 255, rounded; for products of two bytes.
fn divided(product: u16) -> u16 {
    let sum = product + 128;
    (sum + (sum >> 8)) >> 8
}

/// Words as pixels, with the way from the middle of their baseline to their corner.
struct Lettered {
    pixels: Pixmap,
    corner: [i32; 2],
}

type Key = (Box<str>, u16, [u32; 2], [u32; 2], [u32; 2]);

#[derive(Clone)]
struct ByPixels;

impl Weighter<Key, Option<Arc<Lettered>>> for ByPixels {
    fn weight(&self, key: &Key, value: &Option<Arc<Lettered>>) -> u64 {
        let pixels = value.as_ref().map_or(0, |lettered| lettered.pixels.data().len());
        (pixels + key.0.len() + 100) as u64
    }
}

/// Bytes of words in the cache of pixels.
const KEPT: u64 = 6 * 1024 * 1024;

fn write(canvas: &mut Pixmap, words: &Words, ratio: f32) {
    if words.angle != 0.0 {
        if let Some(path) = outline::words(words) {
            letter(canvas, &path, words, Transform::from_scale(ratio, ratio));
        }
        return;
    }
    static WORDS: LazyLock<Cache<Key, Option<Arc<Lettered>>, ByPixels>> =
        LazyLock::new(|| Cache::with_weighter(1024, KEPT, ByPixels));
    let ink = |ink: Ink| {
        let [red, green, blue] = ink.colour.0;
        [u32::from_be_bytes([0, red, green, blue]), ink.opacity.to_bits()]
    };
    let halo = words
        .halo
        .map_or([0, 0], |(halo, width)| [ink(halo)[0], width.to_bits()]);
    let key: Key = (
        Box::from(words.line.text.as_str()),
        words.font.weight,
        [words.size.to_bits(), ratio.to_bits()],
        ink(words.ink),
        halo,
    );
    let lettered = WORDS.get(&key).unwrap_or_else(|| {
        let made = lettered(words, ratio).map(Arc::new);
        WORDS.insert(key, made.clone());
        made
    });
    if let Some(lettered) = lettered {
        let [x, y] = words.at.map(|value| (value * ratio).round() as i32);
        let [dx, dy] = lettered.corner;
        let pixels = lettered.pixels.as_ref();
        canvas.draw_pixmap(
            x + dx,
            y + dy,
            pixels,
            &PixmapPaint::default(),
            Transform::identity(),
            None,
        );
    }
}

fn lettered(words: &Words, ratio: f32) -> Option<Lettered> {
    let path = outline::line(words.font, &words.line, words.size * ratio)?;
    let halo = words.halo.map_or(0.0, |(_, width)| width * ratio);
    let path = path.transform(Transform::from_translate(-words.width() * ratio / 2.0, 0.0))?;
    let bounds = path.bounds();
    let corner = [bounds.left() - halo, bounds.top() - halo].map(|side| side.floor() as i32 - 1);
    let far = [bounds.right() + halo, bounds.bottom() + halo].map(|side| side.ceil() as i32 + 1);
    let mut pixels = Pixmap::new((far[0] - corner[0]) as u32, (far[1] - corner[1]) as u32)?;
    let place = Transform::from_translate(-corner[0] as f32, -corner[1] as f32);
    let path = path.transform(place)?;
    let scaled = Words {
        halo: words.halo.map(|(ink, width)| (ink, width * ratio)),
        ..words.clone()
    };
    letter(&mut pixels, &path, &scaled, Transform::identity());
    Some(Lettered { pixels, corner })
}

/// The halo, then the letters.
fn letter(canvas: &mut Pixmap, path: &Path, words: &Words, place: Transform) {
    if let Some((ink, width)) = words.halo {
        let stroke = Stroke {
            width: width * 2.0,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        canvas.stroke_path(path, &ink.paint(), &stroke, place, None);
    }
    canvas.fill_path(path, &words.ink.paint(), FillRule::Winding, place, None);
}
