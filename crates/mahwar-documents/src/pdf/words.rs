//! The words of `pdftotext -bbox-layout`, with their boxes.

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
