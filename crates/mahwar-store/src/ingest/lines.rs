//! Lines of NDJSON out of pieces of any size, each bounded.

use super::IngestError;
use crate::document::{DocumentError, MAX_BYTES};

/// A character may take six characters in JSON.
const LONGEST: usize = MAX_BYTES * 6;

/// Cuts pieces into lines; blank lines are passed over but counted.
#[derive(Debug, Default)]
pub struct Lines {
    rest: Vec<u8>,
    /// Position from which the end of the line is searched.
    looked: usize,
    /// True if the rest of a line that is too long is being passed over.
    skipping: bool,
    number: usize,
}

impl Lines {
    /// Takes a piece in and hands each whole line to `each`, with its number.
    pub fn push(&mut self, piece: &[u8], mut each: impl FnMut(usize, Result<&[u8], IngestError>)) {
        self.rest.extend_from_slice(piece);
        let mut start = 0;
        while let Some(end) = memchr::memchr(b'\n', &self.rest[self.looked.max(start)..]) {
            let end = self.looked.max(start) + end;
            self.number += 1;
            if !std::mem::take(&mut self.skipping) {
                give(self.number, &self.rest[start..end], &mut each);
            }
            start = end + 1;
            self.looked = start;
        }
        self.rest.drain(..start);
        self.looked = self.rest.len();
        if self.rest.len() > LONGEST && !self.skipping {
            self.skipping = true;
            each(self.number + 1, Err(DocumentError::TooLong(self.rest.len()).into()));
        }
        if self.skipping {
            self.rest.clear();
            self.looked = 0;
        }
    }

    /// Hands over the last line, which may have no end.
    pub fn end(self, mut each: impl FnMut(usize, Result<&[u8], IngestError>)) {
        if !self.skipping {
            give(self.number + 1, &self.rest, &mut each);
        }
    }
}

fn give(number: usize, line: &[u8], each: &mut impl FnMut(usize, Result<&[u8], IngestError>)) {
    if !line.iter().all(u8::is_ascii_whitespace) {
        each(number, Ok(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_whatever_the_pieces() {
        let text = b"{\"a\":1}\n\n{\"b\":2}\r\n{\"c\":3}";
        for size in 1..text.len() {
            let mut lines = Lines::default();
            let mut seen = Vec::new();
            let mut note = |number, line: Result<&[u8], IngestError>| {
                seen.push((number, String::from_utf8_lossy(line.unwrap()).trim().to_owned()));
            };
            for piece in text.chunks(size) {
                lines.push(piece, &mut note);
            }
            lines.end(&mut note);
            let expected = [(1, "{\"a\":1}"), (3, "{\"b\":2}"), (4, "{\"c\":3}")];
            assert_eq!(seen, expected.map(|(number, line)| (number, line.to_owned())));
        }
    }
}
