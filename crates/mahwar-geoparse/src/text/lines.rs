//! Line breaks: those of a wrapped paragraph are spaces, the others end it.
//!
//! A blank line always ends a paragraph. A single break does so after a full stop or a colon, before a bullet or a
//! numbered item, inside a list of short lines, and where the writer had enough space left for the next word: wrapped
//! text fills its lines. Everywhere else it is a space.

/// Characters of the longest line of a wrapped text. Longer lines are paragraphs of their own.
const MAX_WRAP: usize = 130;
/// Below this width a short line says nothing: the text is too small to show how wide it was wrapped.
const MIN_WRAP: usize = 60;
/// Words of a line of a list.
const LIST_WORDS: usize = 3;
/// Lines that make a list.
const LIST_LINES: usize = 3;

/// The block of lines between two blank lines that is being read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lines {
    /// Where the line begins.
    line: usize,
    /// One past the last byte of the block.
    end: usize,
    /// Characters of its longest line.
    width: usize,
    /// All of its lines are short.
    list: bool,
}

/// A line break, or several with only spaces between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Break {
    /// One past its last byte: the first character of the next line that can be seen.
    pub end: usize,
    /// It is only a space inside a paragraph.
    pub soft: bool,
}

impl Lines {
    /// The break that begins at a byte. Calls must be in order of position.
    pub fn at(&mut self, text: &[u8], at: usize) -> Break {
        let (end, breaks) = blank(text, at);
        if at >= self.end {
            self.measure(text, self.line.min(at));
        }
        let soft = breaks == 1 && end < text.len() && self.is_soft(text, at, end);
        self.line = end;
        if breaks > 1 {
            self.end = end;
        }
        Break { end, soft }
    }

    /// Measures the block of lines that begins at a byte.
    fn measure(&mut self, text: &[u8], start: usize) {
        let (mut at, mut lines) = (start, 0);
        self.width = 0;
        self.list = true;
        loop {
            let stop = line_end(text, at);
            let line = &text[at..stop];
            self.width = self.width.max(characters(line));
            self.list &= words(line) <= LIST_WORDS;
            lines += 1;
            let (next, breaks) = blank(text, stop);
            if breaks != 1 || next >= text.len() {
                self.end = next.max(stop);
                break;
            }
            at = next;
        }
        self.list &= lines >= LIST_LINES;
    }

    fn is_soft(&self, text: &[u8], at: usize, next: usize) -> bool {
        let line = text[self.line.min(at)..at].trim_ascii_end();
        if line.is_empty() || self.list || is_item(&text[next..]) {
            return false;
        }
        let word = text[next..]
            .iter()
            .take_while(|byte| !byte.is_ascii_whitespace())
            .count();
        let filled = characters(line) + 1 + characters(&text[next..next + word]);
        match ends_clause(line) {
            true => self.width <= MAX_WRAP && self.width >= MIN_WRAP / 2 && filled > self.width,
            false => self.width < MIN_WRAP || filled * 10 > self.width * 7,
        }
    }
}

/// The first byte after white space, and how many line breaks it has.
fn blank(text: &[u8], at: usize) -> (usize, usize) {
    let (mut end, mut breaks) = (at, 0);
    while let Some(byte) = text.get(end) {
        match byte {
            b'\n' => breaks += 1,
            b'\r' if text.get(end + 1) != Some(&b'\n') => breaks += 1,
            // A form feed or a vertical tab separates pages.
            0x0B | 0x0C => breaks += 2,
            b'\r' | b' ' | b'\t' => {}
            // U+0085, U+2028 and U+2029.
            0xC2 if text.get(end + 1) == Some(&0x85) => {
                breaks += 1;
                end += 1;
            }
            0xC2 if text.get(end + 1) == Some(&0xA0) => end += 1,
            0xE2 if matches!(text.get(end + 1..end + 3), Some([0x80, 0xA8])) => {
                breaks += 1;
                end += 2;
            }
            0xE2 if matches!(text.get(end + 1..end + 3), Some([0x80, 0xA9])) => {
                breaks += 2;
                end += 2;
            }
            // Marks of direction.
            0xE2 if matches!(text.get(end + 1..end + 3), Some([0x80, 0x8E | 0x8F | 0xAA..=0xAE])) => end += 2,
            _ => break,
        }
        end += 1;
    }
    (end, breaks)
}

fn line_end(text: &[u8], at: usize) -> usize {
    let rest = &text[at.min(text.len())..];
    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r' | 0x0B | 0x0C);
    at + rest.iter().position(ends).unwrap_or(rest.len())
}

/// Characters of a piece of UTF-8 that take space: a letter and its mark are as wide as the composed letter.
fn characters(text: &[u8]) -> usize {
    let mut before = 0;
    text.iter().fold(0_usize, |count, byte| {
        let is_mark = match before {
            // U+0300 to U+036F.
            0xCC => true,
            0xCD => *byte <= 0xAF,
            // U+064B to U+065F and U+0670.
            0xD9 => matches!(*byte, 0x8B..=0x9F | 0xB0),
            _ => false,
        };
        before = *byte;
        match byte & 0xC0 != 0x80 {
            true => count + 1,
            false if is_mark => count.saturating_sub(1),
            false => count,
        }
    })
}

fn words(line: &[u8]) -> usize {
    let words = line.split(u8::is_ascii_whitespace);
    words.filter(|word| !word.is_empty()).take(LIST_WORDS + 1).count()
}

/// A bullet or a number with a bracket, point or dash begins the line.
fn is_item(line: &[u8]) -> bool {
    let head = &line[..line.len().min(16)];
    let head = String::from_utf8_lossy(head);
    let mut letters = head.chars().filter(|c| !matches!(c, '\u{200E}' | '\u{200F}'));
    let Some(first) = letters.next() else { return false };
    let second = letters.next().unwrap_or(' ');
    match first {
        '-' | '*' | '+' | '–' | '—' | '#' | '>' | '|' => second.is_whitespace() || second == first,
        '•' | '·' | '▪' | '●' | '○' | '►' | '■' | '◦' | '✓' | '➢' => true,
        _ if first.is_numeric() => {
            let mut rest = std::iter::once(second).chain(letters).skip_while(|c| c.is_numeric());
            matches!(rest.next(), Some('.' | ')' | '-' | '–')) && rest.next().is_none_or(char::is_whitespace)
        }
        _ => false,
    }
}

/// The line ends with a full stop, a colon or a mark like them, perhaps inside a quotation.
fn ends_clause(line: &[u8]) -> bool {
    let mut tail = &line[line.len().saturating_sub(12)..];
    while !tail.is_empty() && tail[0] & 0xC0 == 0x80 {
        tail = &tail[1..];
    }
    let tail = String::from_utf8_lossy(tail);
    let closing = |c: char| matches!(c, '"' | '\'' | '»' | '”' | '’' | ')' | ']' | '\u{200E}' | '\u{200F}');
    let last = tail.trim_end_matches(closing).chars().next_back();
    matches!(last, Some('.' | '!' | '?' | '؟' | ':' | ';' | '؛' | '…' | '۔'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with its soft breaks as spaces and the others as `¶`.
    fn unwrapped(text: &str) -> String {
        let (mut lines, mut out, mut at) = (Lines::default(), String::new(), 0);
        while at < text.len() {
            let end = line_end(text.as_bytes(), at);
            out.push_str(&text[at..end]);
            if end == text.len() {
                break;
            }
            let found = lines.at(text.as_bytes(), end);
            out.push(if found.soft { ' ' } else { '¶' });
            at = found.end;
        }
        out
    }

    #[test]
    fn a_mark_takes_no_space() {
        assert_eq!(characters("é".as_bytes()), characters("e\u{301}".as_bytes()));
        assert_eq!(characters("مُدَرِّسَة ئ".as_bytes()), characters("مدرسة ي".as_bytes()));
        assert_eq!(characters("ىٰ\u{360}a".as_bytes()), 2);
    }

    #[test]
    fn a_single_break_in_a_paragraph_is_a_space_and_a_blank_line_ends_it() {
        assert_eq!(unwrapped("قتل شخص في قضاء طوز\nخورماتو"), "قتل شخص في قضاء طوز خورماتو");
        assert_eq!(unwrapped("Salah\r\nal-Din province"), "Salah al-Din province");
        assert_eq!(unwrapped("One\n \nTwo"), "One¶Two");
        assert_eq!(unwrapped("One is here.\nTwo is there"), "One is here.¶Two is there");
    }

    #[test]
    fn wrapped_lines_join_whatever_mark_they_end_with() {
        let text = "The governor of the province said on Monday that all is well.\n\
                    Nobody was hurt in the district, he added, and the road is open\n\
                    again.";
        assert_eq!(unwrapped(text), text.replace('\n', " "));
    }

    #[test]
    fn lists_bullets_and_headings_keep_their_lines() {
        for text in [
            "Kirkuk\nErbil\nMosul",
            "Towns:\n- Kirkuk\n- Erbil",
            "the towns are\n1. Kirkuk\n2) Erbil",
            "An attack in Hawija\nTwo persons were killed and three were wounded in the incident on the road to the town",
        ] {
            assert_eq!(unwrapped(text), text.replace('\n', "¶"), "{text}");
        }
    }
}
