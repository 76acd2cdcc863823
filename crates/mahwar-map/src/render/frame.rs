//! Furniture of a map on paper: title, legend, scale bar, north arrow, graticule, sources, convention, disclaimer.

use super::{
    compile::Drawing,
    legend::{self, ROW, RowPlace, SAMPLE},
    scene::{Mark, Scene, Words},
    shape::shape,
    view::View,
};
use crate::{
    fonts::{FONTS, Font},
    language::Language,
    style::{Colour, Ink, Pen, Sample, Shape, Theme, Words as StyleWords},
};
use tiny_skia::{PathBuilder, Rect};

/// Optional parts around a map.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)]
pub struct Parts {
    pub legend: bool,
    pub scale_bar: bool,
    pub north: bool,
    pub graticule: bool,
}

/// Texts around a map.
#[derive(Clone, Debug)]
pub struct Furniture<'a> {
    /// Above the map; no title where empty.
    pub title: &'a str,
    /// Below the map, each in lines of its own: convention, disclaimer, sources.
    pub notes: Vec<String>,
    /// Rows of the legend, the top layer first.
    pub samples: Vec<Sample>,
    /// Other parts.
    pub parts: Parts,
    /// The theme.
    pub theme: &'a Theme,
    /// Words in three languages.
    pub words: &'a StyleWords,
    /// The language.
    pub language: Language,
}

/// A font and a size in pixels.
pub(super) type Hand = (&'static Font, f32);

const PAD: f64 = 14.0;
const TITLE: f64 = 44.0;
const NOTE: f32 = 10.5;
const NOTE_LINE: f64 = 17.0;

/// The least height of the map itself, in pixels, that furniture leaves.
const LEAST: f64 = 120.0;

/// The box that is left for the map (left, top, right, bottom). A small picture has less furniture:
/// notes are left out from the last, then the title.
pub fn within([width, height]: [f64; 2], furniture: &mut Furniture<'_>) -> [f64; 4] {
    if width < 420.0 || height < 300.0 {
        furniture.parts.legend = false;
    }
    loop {
        let top = if furniture.title.is_empty() { 0.0 } else { TITLE };
        let lines = note_lines(furniture, width).len() as f64;
        let bottom = if lines > 0.0 { lines * NOTE_LINE + PAD } else { 0.0 };
        if height - top - bottom >= LEAST.max(height * 0.5) || top + bottom == 0.0 {
            return [0.0, top, width, height - bottom];
        }
        if furniture.notes.pop().is_none() {
            furniture.title = "";
        }
    }
}

/// Puts the furniture on a scene whose map fills the frame.
pub fn furnish(scene: &mut Scene, drawing: &Drawing, view: &View, frame: [f64; 4], furniture: &Furniture<'_>) {
    let mut table = Table {
        scene,
        furniture,
        right_to_left: furniture.language != Language::English,
        legend_left: false,
    };
    if furniture.parts.graticule {
        table.graticule(view, frame);
    }
    table.margins(frame);
    if furniture.parts.legend {
        table.legend(drawing, view, frame);
    }
    if furniture.parts.scale_bar {
        table.scale_bar(view, frame);
    }
    if furniture.parts.north {
        table.north(frame);
    }
}

fn note_lines(furniture: &Furniture<'_>, width: f64) -> Vec<String> {
    let notes = furniture.notes.iter().filter(|note| !note.is_empty());
    notes
        .flat_map(|note| wrapped(note, &FONTS[0], NOTE, (width - 2.0 * PAD) as f32))
        .collect()
}

/// A text in lines of limited width in pixels, broken between words.
fn wrapped(text: &str, font: &'static Font, size: f32, width: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if !line.is_empty() && shape(font, &longer).width * size > width {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        } else {
            line = longer;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

struct Table<'t, 'f> {
    scene: &'t mut Scene,
    furniture: &'t Furniture<'f>,
    right_to_left: bool,
    /// True if the legend is on the left.
    legend_left: bool,
}

pub(super) fn ink(colour: Colour, opacity: f32) -> Ink {
    Ink { colour, opacity }
}

/// Words that begin at the side where reading begins, or end there: `x` is the outer edge.
pub(super) fn write(scene: &mut Scene, text: &str, (font, size): Hand, ink: Ink, [x, y]: [f64; 2], from_right: bool) {
    let line = shape(font, text);
    let half = f64::from(line.width * size) / 2.0;
    let at = if from_right { x - half } else { x + half };
    scene.marks.push(Mark::Words(Words {
        line,
        font,
        size,
        ink,
        halo: None,
        at: [at as f32, y as f32],
        angle: 0.0,
    }));
}

impl Table<'_, '_> {
    fn write(&mut self, text: &str, hand: Hand, ink: Ink, at: [f64; 2], from_right: bool) {
        write(self.scene, text, hand, ink, at, from_right);
    }

    fn area(&mut self, [left, top, right, bottom]: [f64; 4], ink: Ink) {
        let [left, top, right, bottom] = [left, top, right, bottom].map(|value| value as f32);
        if let Some(rect) = Rect::from_ltrb(left, top, right, bottom) {
            let path = PathBuilder::from_rect(rect);
            self.scene.marks.push(Mark::Fill { path, ink });
        }
    }

    fn line(&mut self, points: &[[f64; 2]], ink: Ink, pen: Pen) {
        let mut path = PathBuilder::new();
        for (nth, point) in points.iter().enumerate() {
            let [x, y] = point.map(|value| value as f32);
            if nth == 0 {
                path.move_to(x, y);
            } else {
                path.line_to(x, y);
            }
        }
        if let Some(path) = path.finish() {
            self.scene.marks.push(Mark::Stroke { path, ink, pen });
        }
    }

    fn margins(&mut self, [left, top, right, bottom]: [f64; 4]) {
        let theme = self.furniture.theme;
        let paper = ink(theme.paper, 1.0);
        let [width, height] = self.scene.size;
        if top > 0.0 {
            self.area([0.0, 0.0, width, top], paper);
        }
        if bottom < height {
            self.area([0.0, bottom, width, height], paper);
        }
        let edge = ink(theme.text_soft, 1.0);
        let corners = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]];
        self.line(&corners, edge, Pen::solid(1.0));
        let outer = if self.right_to_left { width - PAD } else { PAD };
        if top > 0.0 {
            let title = self.furniture.title.to_owned();
            let text = ink(theme.text, 1.0);
            self.write(
                &title,
                (&FONTS[2], 18.0),
                text,
                [outer, top / 2.0 + 6.0],
                self.right_to_left,
            );
        }
        for (nth, note) in note_lines(self.furniture, width).iter().enumerate() {
            let y = bottom + PAD + 2.0 + nth as f64 * NOTE_LINE;
            // A note begins on the side where its own script begins.
            let from_right = shape(&FONTS[0], note).right_to_left;
            let outer = if from_right { width - PAD } else { PAD };
            self.write(
                note,
                (&FONTS[0], NOTE),
                ink(theme.text_soft, 1.0),
                [outer, y],
                from_right,
            );
        }
    }

    /// A bar of a round number of kilometres or metres, true at the middle of the map.
    fn scale_bar(&mut self, view: &View, [left, _, right, bottom]: [f64; 4]) {
        let middle = [view.size[0] / 2.0, view.size[1] / 2.0];
        let (from, to) = (
            view.degrees([middle[0] - 50.0, middle[1]]),
            view.degrees([middle[0] + 50.0, middle[1]]),
        );
        let metres = crate::geodesy::distance_m(from, to) / 100.0;
        let most = (right - left).min(600.0) * 0.25 * metres;
        if !most.is_finite() || most <= 0.0 {
            return;
        }
        let power = 10f64.powf(most.log10().floor());
        let round = [5.0, 2.0, 1.0]
            .into_iter()
            .map(|step| step * power)
            .find(|length| *length <= most);
        let length = round.unwrap_or(power);
        let words = self.furniture.words;
        let (value, unit) = if length >= 1000.0 {
            (length / 1000.0, &words.kilometres)
        } else {
            (length, &words.metres)
        };
        let text = format!(
            "{} {}",
            digits(value, self.furniture.language),
            unit.best(self.furniture.language)
        );
        let theme = self.furniture.theme;
        let pixels = length / metres;
        // Across from the legend.
        let start = if self.legend_left {
            right - PAD - pixels
        } else {
            left + PAD
        };
        let y = bottom - PAD;
        self.area(
            [start - 8.0, y - 24.0, start + pixels + 8.0, y + 7.0],
            ink(theme.paper, 0.8),
        );
        let dark = ink(theme.text, 1.0);
        let bar = [
            [start, y - 5.0],
            [start, y],
            [start + pixels, y],
            [start + pixels, y - 5.0],
        ];
        self.line(&bar, dark, Pen::solid(1.5));
        self.centred(&FONTS[1], &text, 11.0, dark, [start + pixels / 2.0, y - 9.0]);
    }

    /// Words around a point, without a halo.
    fn centred(&mut self, font: &'static Font, text: &str, size: f32, ink: Ink, at: [f64; 2]) {
        self.scene.marks.push(Mark::Words(Words {
            line: shape(font, text),
            font,
            size,
            ink,
            halo: None,
            at: at.map(|value| value as f32),
            angle: 0.0,
        }));
    }

    fn north(&mut self, [left, top, right, _]: [f64; 4]) {
        let theme = self.furniture.theme;
        let x = if self.right_to_left { left + 28.0 } else { right - 28.0 };
        let y = top + 16.0;
        self.area([x - 16.0, y - 6.0, x + 16.0, y + 46.0], ink(theme.paper, 0.8));
        let mut path = PathBuilder::new();
        let points = [[x, y], [x + 7.0, y + 24.0], [x, y + 18.0], [x - 7.0, y + 24.0]];
        for (nth, point) in points.iter().enumerate() {
            let [x, y] = point.map(|value| value as f32);
            if nth == 0 {
                path.move_to(x, y);
            } else {
                path.line_to(x, y);
            }
        }
        path.close();
        let dark = ink(theme.text, 1.0);
        if let Some(path) = path.finish() {
            self.scene.marks.push(Mark::Fill { path, ink: dark });
        }
        let letter = self.furniture.words.north.best(self.furniture.language).to_owned();
        self.centred(&FONTS[2], &letter, 13.0, dark, [x, y + 39.0]);
    }

    /// Meridians and parallels at round degrees, with their degrees at the edge.
    fn graticule(&mut self, view: &View, [left, top, right, bottom]: [f64; 4]) {
        let theme = self.furniture.theme;
        let [west, north] = view.degrees([left, top]);
        let [east, south] = view.degrees([right, bottom]);
        let span = (east - west).max(1e-6);
        let steps = [0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0];
        let step = steps.into_iter().find(|step| span / step <= 7.0).unwrap_or(60.0);
        let thin = ink(theme.text_soft, 0.45);
        let pen = Pen {
            dashes: vec![1.5, 3.0],
            ..Pen::solid(0.75)
        };
        let pixel = |lon: f64, lat: f64| view.pixel(view.set.project(lon, lat).map(f64::from));
        let first = |from: f64| (from / step).ceil() as i64;
        for nth in first(west)..=(east / step).floor() as i64 {
            let lon = nth as f64 * step;
            let [x, _] = pixel(lon, (north + south) / 2.0);
            self.line(&[[x, top], [x, bottom]], thin, pen.clone());
            self.degree(lon, x, top + 12.0);
        }
        for nth in first(south)..=(north / step).floor() as i64 {
            let lat = nth as f64 * step;
            let [_, y] = pixel((west + east) / 2.0, lat);
            self.line(&[[left, y], [right, y]], thin, pen.clone());
            let x = if self.right_to_left { right - 18.0 } else { left + 18.0 };
            self.degree(lat, x, y - 3.0);
        }
    }

    fn degree(&mut self, value: f64, x: f64, y: f64) {
        let theme = self.furniture.theme;
        let text = format!("{}°", digits(value, self.furniture.language));
        self.scene.marks.push(Mark::Words(Words {
            line: shape(&FONTS[0], &text),
            font: &FONTS[0],
            size: 9.5,
            ink: ink(theme.text_soft, 1.0),
            halo: Some((ink(theme.halo, 1.0), 1.25)),
            at: [x as f32, y as f32],
            angle: 0.0,
        }));
    }

    /// Of two places for a box of this top, width and height, the one that hides less text and fewer marks.
    fn emptier(&self, lefts: [f64; 2], [top, width, height]: [f64; 3]) -> f64 {
        let hidden = |left: f64| {
            let within = |x: f32, y: f32| {
                let (x, y) = (f64::from(x), f64::from(y));
                (left..left + width).contains(&x) && (top..top + height).contains(&y)
            };
            let of_mark = |mark: &Mark| match mark {
                Mark::Words(words) => 12 * usize::from(within(words.at[0], words.at[1])),
                Mark::Stroke { path, .. } => path.points().iter().filter(|point| within(point.x, point.y)).count(),
                _ => 0,
            };
            self.scene.marks.iter().map(of_mark).sum::<usize>()
        };
        if hidden(lefts[1]) < hidden(lefts[0]) {
            lefts[1]
        } else {
            lefts[0]
        }
    }

    fn legend(&mut self, drawing: &Drawing, view: &View, [left, top, right, bottom]: [f64; 4]) {
        let theme = self.furniture.theme;
        // A layer that the picture does not show needs no row, which would hide a part of the map.
        let shown = &self.scene.shown;
        let is_shown = |row: &&Sample| {
            shown.contains(&(row.layer.clone(), true))
                || row.shape == Shape::Area && shown.contains(&(row.layer.clone(), false))
        };
        let rows: Vec<Sample> = self.furniture.samples.iter().filter(is_shown).cloned().collect();
        let room = ((bottom - top - 2.0 * PAD - 34.0) / ROW).floor().max(0.0) as usize;
        let rows = &rows[..rows.len().min(room)];
        if rows.is_empty() {
            return;
        }
        let width = legend::text_width(rows).max(60.0) + SAMPLE + 34.0;
        let height = rows.len() as f64 * ROW + 34.0;
        let y = bottom - PAD - height;
        let x = self.emptier([left + PAD, right - PAD - width], [y, width, height]);
        self.legend_left = x < (left + right - width) / 2.0;
        let outer = if self.right_to_left { x + width - 10.0 } else { x + 10.0 };
        self.area([x, y, x + width, y + height], ink(theme.paper, 0.9));
        let edge = [[x, y], [x + width, y], [x + width, y + height], [x, y + height], [x, y]];
        self.line(&edge, ink(theme.text_soft, 0.6), Pen::solid(0.75));
        let heading = self.furniture.words.legend.best(self.furniture.language).to_owned();
        let text = ink(theme.text, 1.0);
        self.write(&heading, (&FONTS[2], 12.5), text, [outer, y + 20.0], self.right_to_left);
        let place = RowPlace {
            outer,
            top: y + 34.0,
            zoom: view.zoom().min(8.0),
            right_to_left: self.right_to_left,
        };
        legend::rows(self.scene, drawing, rows, theme, place);
    }
}

/// A number as the language writes it, without needless zeros.
fn digits(value: f64, language: Language) -> String {
    let plain = format!("{value}");
    if language == Language::English {
        return plain;
    }
    let arabic = plain.chars().map(|letter| match letter.to_digit(10) {
        Some(digit) => char::from_u32(0x660 + digit).unwrap_or(letter),
        None if letter == '.' => '٫',
        None => letter,
    });
    arabic.collect()
}
