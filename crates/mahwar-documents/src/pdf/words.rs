//! The words of `pdftotext -bbox-layout`, with their boxes.

use super::{layout::is_right_to_left, marks};

/// Gap between two words that touch, in heights of the lower one, at most.
const MAX_GAP: f64 = 0.03;
/// Overlap of two words that touch, in the same unit, at most.
const MAX_OVERLAP: f64 = 0.08;

/// A box in points, from the top left corner of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// The smallest box around both.
    pub fn with(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// A word; its letters are in the order in which they are drawn, from left to right.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    pub area: Area,
    pub drawn: String,
}

/// A line of words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub area: Area,
    pub words: Vec<Word>,
    /// Number of the block that the program put it in.
    pub block: usize,
}

impl Line {
    /// Joins words that touch each other: the program divides a word where its font changes, as at letters that a font lacks.
    /// The words are sorted from left to right.
    pub fn join_touching(&mut self) {
        let mut joined: Vec<Word> = Vec::with_capacity(self.words.len());
        for word in self.words.drain(..) {
            match joined.last_mut() {
                Some(last) if touch(last, &word) => {
                    last.drawn.push_str(&word.drawn);
                    last.area = last.area.with(&word.area);
                }
                _ => joined.push(word),
            }
        }
        self.words = joined;
    }
}

/// True for two words without a space between them, of letters in one direction of writing.
fn touch(left: &Word, right: &Word) -> bool {
    let gap = (right.area.left - left.area.right) / left.area.height().min(right.area.height()).max(0.1);
    let letters = left.drawn.chars().next_back().zip(right.drawn.chars().next());
    (-MAX_OVERLAP..MAX_GAP).contains(&gap)
        && left.area.top < right.area.bottom
        && right.area.top < left.area.bottom
        && letters.is_some_and(|(one, other)| {
            one.is_alphabetic() && other.is_alphabetic() && is_right_to_left(one) == is_right_to_left(other)
        })
}

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    pub width: f64,
    pub height: f64,
    pub lines: Vec<Line>,
}

/// A document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    pub metadata: Vec<(String, String)>,
    pub pages: Vec<Page>,
}

/// Reads the output of the program: one element a line.
pub fn parse(output: &str) -> Document {
    let mut document = Document::default();
    let mut block = 0;
    for line in output.lines() {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("<word ") {
            let (Some(area), Some((_, rest))) = (area(rest), rest.split_once('>')) else {
                continue;
            };
            let drawn = unescape(rest.trim_end_matches("</word>"));
            if let Some(line) = document.pages.last_mut().and_then(|page| page.lines.last_mut())
                && !drawn.trim().is_empty()
            {
                line.area = if line.words.is_empty() {
                    area
                } else {
                    line.area.with(&area)
                };
                line.words.push(Word { area, drawn });
            }
        } else if line.starts_with("<line ") {
            if let Some(page) = document.pages.last_mut() {
                page.lines.push(Line {
                    block,
                    ..Line::default()
                });
            }
        } else if line.starts_with("<block ") {
            block += 1;
        } else if let Some(rest) = line.strip_prefix("<page ") {
            document.pages.push(Page {
                width: number(rest, "width").unwrap_or(612.0),
                height: number(rest, "height").unwrap_or(792.0),
                lines: Vec::new(),
            });
        } else if let Some(rest) = line.strip_prefix("<title>") {
            let title = unescape(rest.trim_end_matches("</title>"));
            document.metadata.push(("title".to_owned(), title));
        } else if let Some(rest) = line.strip_prefix("<meta name=\"") {
            let parts = rest.split_once("\" content=\"");
            if let Some((name, value)) = parts.filter(|_| document.pages.is_empty()) {
                let value = unescape(value.trim_end_matches("/>").trim_end_matches('"'));
                document.metadata.push((name.to_owned(), value));
            }
        }
    }
    for page in &mut document.pages {
        marks::attach(page);
        page.lines.retain(|line| !line.words.is_empty());
    }
    document
}

fn area(attributes: &str) -> Option<Area> {
    Some(Area {
        left: number(attributes, "xMin")?,
        top: number(attributes, "yMin")?,
        right: number(attributes, "xMax")?,
        bottom: number(attributes, "yMax")?,
    })
}

fn number(attributes: &str, name: &str) -> Option<f64> {
    let at = attributes.find(&format!("{name}=\""))? + name.len() + 2;
    let rest = &attributes[at..];
    rest[..rest.find('"')?]
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
}

fn unescape(text: &str) -> String {
    match text.contains('&') {
        false => text.to_owned(),
        true => text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&apos;", "'")
            .replace("&amp;", "&"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Report: `Tiếng Việt` was seven words, since the letters with two marks came from another font; so are letters of Sorani.
    #[test]
    fn words_that_touch_are_one_where_both_are_letters() {
        let word = |left: f64, right: f64, drawn: &str| Word {
            area: Area {
                left,
                right,
                top: 477.0,
                bottom: 485.6,
            },
            drawn: drawn.to_owned(),
        };
        let mut line = Line {
            words: vec![
                word(245.0, 252.5, "Ti"),
                word(252.5, 257.5, "ế"),
                word(257.5, 267.5, "ng"),
                word(270.0, 278.0, "Vi"),
                word(278.0, 280.0, "1"),
                word(290.0, 300.0, "تش"),
                word(300.0, 305.0, "ڕ"),
                word(305.0, 310.0, "x"),
            ],
            ..Line::default()
        };
        line.join_touching();
        let read: Vec<&str> = line.words.iter().map(|word| word.drawn.as_str()).collect();
        assert_eq!(read, ["Tiếng", "Vi", "1", "تشڕ", "x"]);
    }
}
