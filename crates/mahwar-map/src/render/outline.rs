//! Outlines of glyphs and of whole lines.

use super::{scene::Words, shape::Shaped};
use crate::fonts::{FONTS, Font};
use quick_cache::sync::Cache;
use skrifa::{
    GlyphId, MetadataProvider,
    instance::{LocationRef, Size},
    outline::{DrawSettings, OutlinePen},
};
use std::sync::{Arc, LazyLock};
use tiny_skia::{Path, PathBuilder, Transform};

/// Outlines by weight and glyph.
type Glyphs = Cache<(u16, u32), Option<Arc<Path>>>;

/// Number of outlines in the cache.
const KEPT: usize = 2048;

/// The outline of a glyph in ems, y downwards; `None` for a blank.
fn glyph(font: &'static Font, id: u32) -> Option<Arc<Path>> {
    static GLYPHS: LazyLock<Glyphs> = LazyLock::new(|| Cache::new(KEPT));
    if let Some(path) = GLYPHS.get(&(font.weight, id)) {
        return path;
    }
    let path = draw(font, id).map(Arc::new);
    GLYPHS.insert((font.weight, id), path.clone());
    path
}

fn draw(font: &'static Font, id: u32) -> Option<Path> {
    static OPENED: LazyLock<Vec<Option<skrifa::FontRef<'static>>>> =
        LazyLock::new(|| FONTS.iter().map(Font::open).collect());
    let position = FONTS.iter().position(|other| other.weight == font.weight)?;
    let opened = OPENED[position].as_ref()?;
    let outline = opened.outline_glyphs().get(GlyphId::new(id))?;
    let mut pen = Pen(PathBuilder::new());
    let settings = DrawSettings::unhinted(Size::new(1.0), LocationRef::default());
    outline.draw(settings, &mut pen).ok()?;
    pen.0.finish()
}

struct Pen(PathBuilder);

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, -y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, -y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to(cx, -cy, x, -y);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.0.cubic_to(cx0, -cy0, cx1, -cy1, x, -y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}

/// The outline of a line: its left end at the origin, on the baseline; `size` in pixels for an em.
pub fn line(font: &'static Font, shaped: &Shaped, size: f32) -> Option<Path> {
    let mut all = PathBuilder::new();
    for placed in &shaped.glyphs {
        if let Some(path) = glyph(font, placed.id) {
            let [x, y] = placed.at;
            let place = Transform::from_row(size, 0.0, 0.0, size, x * size, -y * size);
            if let Some(path) = (*path).clone().transform(place) {
                all.push_path(&path);
            }
        }
    }
    all.finish()
}

/// The outline of words at their position.
pub fn words(words: &Words) -> Option<Path> {
    let path = line(words.font, &words.line, words.size)?;
    path.transform(placing(words))
}

/// From a line with its left end at the origin to the position of the words.
pub fn placing(words: &Words) -> Transform {
    let turned = Transform::from_rotate(words.angle.to_degrees()).pre_translate(-words.width() / 2.0, 0.0);
    turned.post_translate(words.at[0], words.at[1])
}
