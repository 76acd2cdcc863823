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
