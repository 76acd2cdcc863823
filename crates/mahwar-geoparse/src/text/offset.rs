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
    pub fn slice<'t>(&self, text: &'t str) -> &'t str {
        &text[self.byte[0]..self.byte[1]]
    }
}

/// Counts code points and UTF-16 units on the way forward through a text, only as far as it is asked.
#[derive(Clone, Debug)]
pub struct OffsetCounter<'t> {
    text: &'t str,
    byte: usize,
    codepoint: usize,
    utf16: usize,
}

impl<'t> OffsetCounter<'t> {
    /// At the beginning of a text.
    pub fn new(text: &'t str) -> Self {
        Self {
            text,
            byte: 0,
            codepoint: 0,
            utf16: 0,
        }
    }

    /// The three offsets of a span. Spans asked for in order of position cost one pass over the text together;
    /// one that begins before the last one asked for starts again from the beginning.
    pub fn offsets(&mut self, span: Span) -> Offsets {
        if span.start < self.byte {
            *self = Self::new(self.text);
        }
        self.advance(span.start);
        let (codepoint, utf16) = (self.codepoint, self.utf16);
        let (codepoints, units) = count(self.text.as_bytes().get(span.start..span.end).unwrap_or_default());
        Offsets {
            byte: [span.start, span.end],
            codepoint: [codepoint, codepoint + codepoints],
            utf16: [utf16, utf16 + units],
        }
    }

    fn advance(&mut self, byte: usize) {
        let (codepoints, units) = count(self.text.as_bytes().get(self.byte..byte).unwrap_or_default());
        self.codepoint += codepoints;
        self.utf16 += units;
        self.byte = byte;
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
