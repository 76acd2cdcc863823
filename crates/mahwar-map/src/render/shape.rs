//! Sets a line of text: runs of one direction, each shaped, in their order on the page.

use crate::fonts::{FONTS, Font};
use harfrust::{Buffer, Direction, ShapeOptions, ShaperFont};
use quick_cache::sync::Cache;
use std::{
    ops::Range,
    sync::{Arc, LazyLock, OnceLock},
};
use unicode_bidi::BidiInfo;

/// A line of glyphs, from left to right; lengths are in ems.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shaped {
    /// The text, in the order in which it is read.
    pub text: String,
    /// The glyphs.
    pub glyphs: Vec<PlacedGlyph>,
    /// True if the line as a whole is read from right to left.
    pub right_to_left: bool,
    /// The whole advance.
    pub width: f32,
}

/// A glyph of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedGlyph {
    /// Its number in the font.
    pub id: u32,
    /// Its position: from the line's left end, and above the baseline.
    pub at: [f32; 2],
    /// Its width on the line.
    pub advance: f32,
    /// The bytes of the text that it shows (its cluster).
    pub range: Range<usize>,
}

/// Lines by weight and text.
type Lines = Cache<(u16, Box<str>), Arc<Shaped>>;

/// Number of lines in the cache.
const KEPT: usize = 8192;

/// The line, shaped now or before.
pub fn shape(font: &'static Font, text: &str) -> Arc<Shaped> {
    static LINES: LazyLock<Lines> = LazyLock::new(|| Cache::new(KEPT));
    let key = (font.weight, Box::from(text));
    if let Some(line) = LINES.get(&key) {
        return line;
    }
    let line = Arc::new(make(font, text));
    LINES.insert(key, Arc::clone(&line));
    line
}

fn opened(font: &'static Font) -> Option<&'static harfrust::Font> {
    static OPENED: [OnceLock<Option<harfrust::Font>>; FONTS.len()] = [const { OnceLock::new() }; FONTS.len()];
    let position = FONTS.iter().position(|other| other.weight == font.weight)?;
    OPENED[position]
        .get_or_init(|| harfrust::Font::new(font.bytes, 0))
        .as_ref()
}

fn make(font: &'static Font, text: &str) -> Shaped {
    // One line: characters that would break it become spaces.
    let text: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let mut line = Shaped::default();
    if let Some(opened) = opened(font) {
        let em = f32::from(opened.units_per_em());
        let shaper = ShaperFont::new(opened);
        let bidi = BidiInfo::new(&text, None);
        for paragraph in &bidi.paragraphs {
            line.right_to_left = paragraph.level.is_rtl();
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let right_to_left = levels[run.start].is_rtl();
                add_run(&mut line, &shaper, em, &text, run, right_to_left);
            }
        }
    }
    line.text = text;
    line
}

fn add_run(
    line: &mut Shaped,
    shaper: &ShaperFont<'_, '_>,
    em: f32,
    text: &str,
    run: Range<usize>,
    right_to_left: bool,
) {
    let mut buffer = Buffer::new();
    buffer.push_str(&text[run.clone()]);
    // Letters join across the edge of a run as they would in the text.
    buffer.set_pre_context(&text[..run.start]);
    buffer.set_post_context(&text[run.end..]);
    buffer.set_direction(if right_to_left {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    buffer.guess_segment_properties();
    if harfrust::shape(shaper, &mut buffer, ShapeOptions::default()).is_err() {
        return;
    }
    let mut starts: Vec<usize> = buffer.glyph_infos().iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    for (info, position) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
        let start = info.cluster as usize;
        let next = starts.partition_point(|other| *other <= start);
        let end = starts.get(next).copied().unwrap_or(run.len());
        let advance = position.x_advance as f32 / em;
        line.glyphs.push(PlacedGlyph {
            id: info.glyph_id,
            at: [
                line.width + position.x_offset as f32 / em,
                position.y_offset as f32 / em,
            ],
            advance,
            range: run.start + start..run.start + end,
        });
        line.width += advance;
    }
}
