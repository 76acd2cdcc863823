//! Finds the end of a request's body, so that the next head on the connection is found.

/// Remaining part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Framing {
    /// This many bytes.
    Length(u64),
    /// Chunks.
    Chunked(Chunk),
    /// Chunks that cannot be read.
    Unreadable,
}

/// The greatest size of one chunk, in bytes: above it the client is wrong, or wants the server to wait for ever.
const MAX_CHUNK: u64 = 1 << 40;

/// Position inside a chunked body (RFC 9112, section 7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// In the digits of a size, with the value so far.
    Size(u64),
    /// After the digits, before the end of the line.
    Extension(u64),
    /// In the data, with the bytes that remain.
    Data(u64),
    /// In the line end after the data.
    DataEnd,
    /// In the trailer; true while the line has no bytes.
    Trailer(bool),
    /// After the body.
    End,
}

impl Framing {
    /// No body.
    pub fn none() -> Self {
        Self::Length(0)
    }

    /// A body of this many bytes.
    pub fn of_length(length: u64) -> Self {
        Self::Length(length)
    }

    /// A chunked body.
    pub fn chunked() -> Self {
        Self::Chunked(Chunk::Size(0))
    }

    /// True after the last byte of the body.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Length(0) | Self::Chunked(Chunk::End))
    }

    /// True after a fault in the chunks. The connection cannot be used any more.
    pub fn is_unreadable(&self) -> bool {
        *self == Self::Unreadable
    }

    /// Parses body bytes. Returns how many of them belong to the body, before a fault.
    pub fn advance(&mut self, bytes: &[u8]) -> usize {
        match self {
            Self::Length(rest) => {
                let used = usize::try_from(*rest).unwrap_or(usize::MAX).min(bytes.len());
                *rest -= used as u64;
                used
            }
            Self::Unreadable => 0,
            Self::Chunked(chunk) => {
                let mut used = 0;
                while used < bytes.len() && *chunk != Chunk::End {
                    match chunk.step(&bytes[used..]) {
                        Some(step) => used += step,
                        None => {
                            *self = Self::Unreadable;
                            return used;
                        }
                    }
                }
                used
            }
        }
    }
}

impl Chunk {
    /// One step over some of these bytes, of which there is at least one; none where they are no chunks.
    fn step(&mut self, bytes: &[u8]) -> Option<usize> {
        let byte = bytes[0];
        let (next, used) = match *self {
            Self::Size(size) => match byte {
                b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' => {
                    let digit = char::from(byte).to_digit(16)?;
                    let size = size.checked_mul(16)? + u64::from(digit);
                    (Self::Size(Some(size).filter(|size| *size <= MAX_CHUNK)?), 1)
                }
                b'\n' => (Self::after_size(size), 1),
                b'\r' | b';' => (Self::Extension(size), 1),
                _ => return None,
            },
            Self::Extension(size) => match memchr::memchr(b'\n', bytes) {
                Some(end) => (Self::after_size(size), end + 1),
                None => (Self::Extension(size), bytes.len()),
            },
            Self::Data(rest) => {
                let used = usize::try_from(rest).unwrap_or(usize::MAX).min(bytes.len());
                let rest = rest - used as u64;
                (if rest == 0 { Self::DataEnd } else { Self::Data(rest) }, used)
            }
            Self::DataEnd => match byte {
                b'\r' => (Self::DataEnd, 1),
                b'\n' => (Self::Size(0), 1),
                _ => return None,
            },
            Self::Trailer(empty) => match byte {
                b'\n' if empty => (Self::End, 1),
                b'\n' => (Self::Trailer(true), 1),
                b'\r' => (Self::Trailer(empty), 1),
                _ => (Self::Trailer(false), 1),
            },
            Self::End => return None,
        };
        *self = next;
        Some(used)
    }

    fn after_size(size: u64) -> Self {
        match size {
            0 => Self::Trailer(true),
            _ => Self::Data(size),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_of_known_length_ends_there() {
        let mut body = Framing::of_length(5);
        assert_eq!(body.advance(b"abc"), 3);
        assert!(!body.is_done());
        assert_eq!(body.advance(b"deGET /"), 2);
        assert!(body.is_done());
    }

    #[test]
    fn a_chunked_body_ends_after_its_trailer_however_it_is_cut() {
        let body = b"4;a=b\r\nWiki\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n";
        let whole = [&body[..], b"GET / HTTP/1.1\r\n"].concat();
        for size in [1, 2, 3, 7, whole.len()] {
            let mut framing = Framing::chunked();
            let mut used = 0;
            for piece in whole.chunks(size) {
                let step = framing.advance(piece);
                used += step;
                if step < piece.len() {
                    break;
                }
            }
            assert!(framing.is_done(), "{size}");
            assert_eq!(used, body.len(), "{size}");
        }
    }

    #[test]
    fn chunks_that_cannot_be_read_never_end() {
        let mut framing = Framing::chunked();
        assert_eq!(framing.advance(b"1\r\nab\r\n"), 4);
        assert_eq!(framing, Framing::Unreadable);
        for (wrong, used) in [
            (&b"fffffffffffffffff\r\n"[..], 10),
            (b"3 \r\nabc\r\n", 1),
            (b"x\r\n", 0),
        ] {
            let mut framing = Framing::chunked();
            assert_eq!(framing.advance(wrong), used);
            assert!(framing.is_unreadable() && !framing.is_done());
        }
    }
}
