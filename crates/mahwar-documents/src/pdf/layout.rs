//! Reading order: columns, rows of tables, paragraphs; running headers and footers are left out.

use super::words::{Area, Document, Line, Page};
use rustc_hash::{FxHashMap, FxHashSet};

mod direction;
mod gutter;
mod rows;
mod running;

use direction::{Direction, logical, mirror_brackets, plain_letters};
pub use direction::{is_mark, is_right_to_left};
use gutter::{gutter, is_running};

/// Part of the height of a page in which headers and footers are, at the top and at the bottom.
const MARGIN: f64 = 0.12;
/// The same for a single page, where nothing can repeat.
const OUTER_MARGIN: f64 = 0.06;
/// Columns are looked for inside columns to this depth.
const MAX_DEPTH: usize = 6;

/// The text of each page, paragraphs with an empty line between them.
pub fn pages(document: &Document) -> Vec<String> {
    let pages = pages_without(document, &running::running_lines(document), true);
    match pages.iter().all(|page| page.trim().is_empty()) {
        // Pages with nothing but such lines: they are the text.
        true => pages_without(document, &FxHashSet::default(), false),
        false => pages,
    }
}

fn pages_without(document: &Document, running: &FxHashSet<(usize, usize)>, has_margins: bool) -> Vec<String> {
    let title = document
        .metadata
        .iter()
        .find(|(name, _)| name == "title")
        .map(|(_, title)| title.trim());
    let pages = document.pages.iter().enumerate().map(|(at, page)| {
        let mut lines: Vec<Line> = page
            .lines
            .iter()
            .enumerate()
            .filter(|(number, line)| match document.pages.len() {
                1 => !has_margins || !is_marginal(page, line, title),
                _ => !running.contains(&(at, *number)),
            })
            .map(|(_, line)| line.clone())
            .collect();
        for line in &mut lines {
            line.words
                .sort_by(|one, other| one.area.left.total_cmp(&other.area.left));
        }
        let mut lines = rows::whole_lines(lines);
        lines.iter_mut().for_each(Line::join_touching);
        text(lines)
    });
    pages.collect()
}

/// True for a line that programs print around a single page: its number, the time of printing, its title, its address. A date
/// without a time of day is that of the report.
fn is_marginal(page: &Page, line: &Line, title: Option<&str>) -> bool {
    let margin = page.height * OUTER_MARGIN;
    if line.area.bottom > margin && line.area.top < page.height - margin {
        return false;
    }
    let text = logical(&line.words, Direction::of_line(line));
    let text = text.trim();
    let date = crate::dates::read_date(text);
    if let Some(date) = &date {
        return date.contains('T');
    }
    !text.chars().any(char::is_alphabetic) || text.contains("://") || title == Some(text)
}

/// A piece of text in reading order.
struct Piece {
    area: Area,
    text: String,
    direction: Direction,
    /// A row of a table, or another line that is not joined with others.
    is_row: bool,
    /// Number of the column that it is in.
    column: usize,
}

fn text(lines: Vec<Line>) -> String {
    let letters = lines
        .iter()
        .map(Direction::balance)
        .fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    let direction = Direction::of(letters);
    let mut order = Order {
        direction,
        pieces: Vec::new(),
        columns: 0,
    };
    order.region(lines, 0);
    mirror_brackets(&plain_letters(&paragraphs(&order.pieces)))
}

struct Order {
    /// Of most of the page.
    direction: Direction,
    pieces: Vec<Piece>,
    columns: usize,
}

impl Order {
    /// Puts the lines of a region in order.
    fn region(&mut self, mut lines: Vec<Line>, depth: usize) {
        lines.sort_by(|one, other| one.area.top.total_cmp(&other.area.top));
        let gutter = if depth < MAX_DEPTH { gutter(&lines) } else { None };
        let Some(gutter) = gutter else {
            self.rows(lines);
            return;
        };
        // Lines across the gap and headings divide the columns into bands.
        let headings = gutter::headings(&lines);
        let mut band = [Vec::new(), Vec::new()];
        let mut across = Vec::new();
        for (line, is_heading) in lines.into_iter().zip(headings) {
            match gutter.side(&line.area).filter(|_| !is_heading) {
                Some(side) => {
                    if !across.is_empty() {
                        self.rows(std::mem::take(&mut across));
                    }
                    band[side].push(line);
                }
                None => {
                    self.band(std::mem::take(&mut band), depth);
                    across.push(line);
                }
            }
        }
        self.rows(across);
        self.band(band, depth);
    }

    fn band(&mut self, [left, right]: [Vec<Line>; 2], depth: usize) {
        if !left.is_empty() && !right.is_empty() && !is_running(&left, &right) {
            // A table beside a gap that is one of columns elsewhere on the page.
            self.rows(left.into_iter().chain(right).collect());
            return;
        }
        let sides = match self.direction {
            Direction::RightToLeft => [right, left],
            Direction::LeftToRight => [left, right],
        };
        for side in sides {
            if !side.is_empty() {
                self.region(side, depth + 1);
            }
        }
    }

    /// Lines one after the other; those at one height are a row, read in the direction of the page.
    fn rows(&mut self, lines: Vec<Line>) {
        self.columns += 1;
        for row in rows::rows(lines) {
            self.row(row);
        }
    }

    /// Adds a row of cells, each with its lines.
    fn row(&mut self, mut cells: Vec<Vec<Line>>) {
        cells.sort_by(|one, other| one[0].area.left.total_cmp(&other[0].area.left));
        let is_latin = cells
            .iter()
            .flatten()
            .all(|line| matches!(Direction::balance(line), (0, letters) if letters > 0));
        let is_in_table = self.pieces.last().is_some_and(|last| last.is_row);
        if self.direction == Direction::RightToLeft && (!is_latin || is_in_table) {
            cells.reverse();
        }
        let lines = || cells.iter().flatten();
        let Some(first) = lines().next() else { return };
        let area = lines().fold(first.area, |all, line| all.with(&line.area));
        let direction = Direction::of_line_in(first, self.direction);
        let words = cells.iter().map(|cell| {
            let mut text = String::new();
            for line in cell {
                let line = logical(&line.words, Direction::of_line_in(line, self.direction));
                if !text.is_empty() {
                    join(&mut text, &line);
                }
                text.push_str(&line);
            }
            text
        });
        let words: Vec<String> = words.collect();
        self.pieces.push(Piece {
            area,
            text: words.join("\t"),
            direction,
            is_row: cells.len() > 1,
            column: self.columns,
        });
    }
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Joins lines to paragraphs.
fn paragraphs(pieces: &[Piece]) -> String {
    let mut columns: FxHashMap<usize, Column> = FxHashMap::default();
    for piece in pieces {
        let column = columns.entry(piece.column).or_insert(Column {
            area: piece.area,
            pitches: Vec::new(),
            last: None,
        });
        column.area = column.area.with(&piece.area);
        if let Some(last) = column.last {
            column.pitches.push(piece.area.top - last);
        }
        column.last = Some(piece.area.top);
    }
    let mut text = String::new();
    let mut before: Option<&Piece> = None;
    for piece in pieces {
        match before {
            None => {}
            Some(last) if last.is_row && piece.is_row => text.push('\n'),
            Some(last) if continues(last, piece, &columns) => join(&mut text, &piece.text),
            Some(_) => text.push_str("\n\n"),
        }
        text.push_str(&piece.text);
        before = Some(piece);
    }
    text
}

struct Column {
    area: Area,
    /// Distances from line to line.
    pitches: Vec<f64>,
    last: Option<f64>,
}

/// True if a line goes on with the paragraph of the line before it.
fn continues(last: &Piece, next: &Piece, columns: &FxHashMap<usize, Column>) -> bool {
    if last.is_row || next.is_row {
        return false;
    }
    if is_divided(&last.text, &next.text) {
        return true;
    }
    if begins_an_item(&next.text) {
        return false;
    }
    let heights = last.area.height() / next.area.height().max(0.1);
    if !(0.8..1.25).contains(&heights) {
        return false;
    }
    let Some(column) = columns.get(&last.column) else {
        return false;
    };
    let short = match last.direction {
        Direction::RightToLeft => last.area.left - column.area.left,
        Direction::LeftToRight => column.area.right - last.area.right,
    };
    let is_short = short > 0.2 * column.area.width();
    if last.column != next.column {
        // From the end of a column to the head of the next one.
        return !is_short && !ends_a_sentence(&last.text);
    }
    let usual = median(column.pitches.iter().copied()).unwrap_or(next.area.height() * 1.3);
    let pitch = next.area.top - last.area.top;
    let is_far = pitch > usual.max(next.area.height() * 0.9) * 1.3;
    !is_far && !(is_short && (ends_a_sentence(&last.text) || short > 0.5 * column.area.width()))
}

/// True for words that end with the sign of a sentence's end.
pub fn ends_a_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '”', '»', ')', '\'', ' ']);
    text.ends_with(['.', '!', '?', '؟', '۔', ':', '…'])
}

/// True for a line that begins with the sign or number of an item of a list.
fn begins_an_item(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with(['•', '●', '▪', '■', '◦', '‣', '–', '—', '*', '○', '\u{f0b7}', '➢', '✓'])
    {
        return true;
    }
    let digits = text.chars().take_while(|letter| letter.is_numeric()).count();
    let mut rest = text.chars().skip(digits);
    (1..=2).contains(&digits) && matches!((rest.next(), rest.next()), (Some('.' | ')' | '-'), Some(' ')))
}

/// True if a hyphen at the end of a line divides a word that goes on in the next line.
fn is_divided(text: &str, next: &str) -> bool {
    let mut end = text.chars().rev().filter(|letter| *letter != '\u{ad}');
    matches!(end.next(), Some('-' | '\u{2010}'))
        && end.next().is_some_and(char::is_lowercase)
        && end.next().is_some_and(char::is_alphabetic)
        && next.starts_with(char::is_lowercase)
}

/// Puts a space between two lines of a paragraph, or takes away the hyphen that divides a word.
fn join(text: &mut String, next: &str) {
    if is_divided(text, next) {
        let end = text.trim_end_matches(['-', '\u{2010}', '\u{ad}']).len();
        text.truncate(end);
        return;
    }
    if text.ends_with('\u{ad}') {
        text.pop();
        return;
    }
    // `al-` before a name: the hyphen is part of the word.
    let mut end = text.chars().rev();
    let is_joined = matches!(end.next(), Some('-' | '\u{2010}'))
        && end.next().is_some_and(char::is_alphabetic)
        && next.starts_with(char::is_alphabetic);
    if !is_joined {
        text.push(' ');
    }
}
