//! Positions in a text: bytes inside the program, three units on the outside.

use serde::{Deserialize, Serialize};

/// A half-open range of bytes of the source text, always on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// One span in bytes of UTF-8, Unicode code points, and UTF-16 code units; each `[start, end)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offsets {
    /// Bytes of UTF-8.
    pub byte: [usize; 2],
    /// Unicode code points.
    pub codepoint: [usize; 2],
    /// UTF-16 code units, as JavaScript counts.
    pub utf16: [usize; 2],
}

impl Offsets {
    /// The slice of the source that these offsets name.
    ///
    /// ```
    /// use mahwar_geoparse::text::{OffsetCounter, Span};
    /// let text = "Kirkuk";
    /// let offsets = OffsetCounter::new(text).offsets(Span { start: 0, end: 3 });
    /// assert_eq!(offsets.slice(text), "Kir");
    /// ```
    pub fn slice<'t>(&self, text: &'t str) -> &'t str {
        &text[self.byte[0]..self.byte[1]]
    }
}

/// Bytes between two checkpoints of an [`OffsetCounter`].
const BLOCK: usize = 512;

/// Counts code points and UTF-16 units in a text, as far as requested.
///
/// Spans in order of position cost one pass over the text together. A span in any other order costs at most two blocks,
/// however long the text and the span are: the counts at the beginning of each block are stored.
#[derive(Clone, Debug)]
pub struct OffsetCounter<'t> {
    bytes: &'t [u8],
    at: Position,
    /// Code points and UTF-16 units before each block that was reached.
    checkpoints: Vec<(usize, usize)>,
    #[cfg(test)]
    counted: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Position {
    byte: usize,
    codepoint: usize,
    utf16: usize,
}

impl<'t> OffsetCounter<'t> {
    /// At the beginning of a text.
    pub fn new(text: &'t str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: Position::default(),
            checkpoints: vec![(0, 0)],
            #[cfg(test)]
            counted: 0,
        }
    }

    /// The three offsets of a span.
    ///
    /// ```
    /// use mahwar_geoparse::text::{OffsetCounter, Span};
    /// let text = "في كركوك";
    /// let mut counter = OffsetCounter::new(text);
    /// let offsets = counter.offsets(Span { start: 5, end: text.len() });
    /// assert_eq!(offsets.slice(text), "كركوك");
    /// ```
    pub fn offsets(&mut self, span: Span) -> Offsets {
        let start = self.position(span.start);
        let end = self.position(span.end.max(span.start));
        // The next span begins rarely before this one, and often inside it.
        self.at = start;
        Offsets {
            byte: [span.start, span.end],
            codepoint: [start.codepoint, end.codepoint],
            utf16: [start.utf16, end.utf16],
        }
    }

    fn position(&mut self, byte: usize) -> Position {
        let byte = byte.min(self.bytes.len());
        let known = (byte / BLOCK).min(self.checkpoints.len() - 1);
        if byte < self.at.byte || known * BLOCK > self.at.byte {
            let (codepoint, utf16) = self.checkpoints[known];
            self.at = Position {
                byte: known * BLOCK,
                codepoint,
                utf16,
            };
        }
        while self.at.byte < byte {
            let to = byte.min((self.at.byte / BLOCK + 1) * BLOCK);
            let (codepoints, units) = count(&self.bytes[self.at.byte..to]);
            #[cfg(test)]
            {
                self.counted += to - self.at.byte;
            }
            self.at.codepoint += codepoints;
            self.at.utf16 += units;
            self.at.byte = to;
            if to == self.checkpoints.len() * BLOCK {
                self.checkpoints.push((self.at.codepoint, self.at.utf16));
            }
        }
        self.at
    }
}

/// Code points and UTF-16 units of UTF-8 bytes: each character has one byte that continues nothing, and those above
/// U+FFFF, which begin with 0xF0 or more, take two units.
fn count(bytes: &[u8]) -> (usize, usize) {
    let (mut codepoints, mut astral) = (0usize, 0usize);
    // Blocks keep the counters in bytes, so that the compiler can count many at once.
    for block in bytes.chunks(255) {
        let (mut first, mut long) = (0u8, 0u8);
        for &byte in block {
            first += u8::from((byte as i8) >= -0x40);
            long += u8::from(byte >= 0xF0);
        }
        codepoints += usize::from(first);
        astral += usize::from(long);
    }
    (codepoints, codepoints + astral)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes counted for the parts of sentences, the speaker after the words, as attributions are read back.
    fn work(sentences: usize) -> usize {
        let sentence = "\"There were clashes near كركوك 🗺,\" police said. ";
        let text = sentence.repeat(sentences);
        let mut counter = OffsetCounter::new(&text);
        for at in 0..sentences {
            let start = at * sentence.len();
            let part = |words: &str| {
                let from = start + sentence.find(words).unwrap();
                Span {
                    start: from,
                    end: from + words.len(),
                }
            };
            for words in ["police", "said", "There were clashes near كركوك 🗺"] {
                let offsets = counter.offsets(part(words));
                assert_eq!(offsets.slice(&text), words);
                assert_eq!(offsets.codepoint[0], text[..offsets.byte[0]].chars().count());
                assert_eq!(offsets.utf16[1], text[..offsets.byte[1]].encode_utf16().count());
            }
            // And one that ends where the text ends.
            counter.offsets(Span { start, end: text.len() });
        }
        counter.counted
    }

    /// Report: reading a stored document took time with the square of its length.
    #[test]
    fn spans_in_any_order_cost_in_proportion_to_their_number() {
        for sentences in [400, 800, 1600] {
            // Four spans each; a span costs a block at most, and the text itself is counted once.
            let counted = work(sentences);
            assert!(
                counted < sentences * 4 * BLOCK,
                "{counted} bytes for {sentences} sentences"
            );
        }
    }
}
