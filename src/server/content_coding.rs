//! Content codings of request bodies: gzip, deflate, br and zstd, decoded piece by piece.

use super::problem::Problem;
use axum::http::{HeaderMap, header};
use bytes::{Buf, Bytes};
use std::io::{self, Write};
use zstd::stream::raw::{DParameter, Operation};

/// The codings, as `Accept-Encoding` lists them.
pub const ACCEPTED: &str = "gzip, deflate, br, zstd, identity";

/// Encoded bytes that are decoded at a time.
const PIECE: usize = 256;
/// Decoded bytes that are passed on at a time.
const BLOCK: usize = 32 * 1024;
/// Decoded bytes that a piece may become: more than 16,000 for one. No text is that regular.
const MAX_EXPANDED: usize = 4 << 20;
/// Largest window of zstd, as a power of two: 8 MiB, which RFC 9659 lets every decoder support.
const ZSTD_WINDOW: u32 = 23;

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    /// The coding of a body; none for `identity`.
    ///
    /// # Errors
    /// 415 for other codings, and for several.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let mut codings = headers
            .get_all(header::CONTENT_ENCODING)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
            .map(<[u8]>::trim_ascii)
            .filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case(b"identity"));
        let Some(first) = codings.next() else {
            return Ok(None);
        };
        let known = match first.to_ascii_lowercase().as_slice() {
            b"gzip" | b"x-gzip" => Self::Gzip,
            b"deflate" => Self::Deflate,
            b"br" => Self::Brotli,
            b"zstd" => Self::Zstd,
            _ => return Err(Problem::unsupported_coding(ACCEPTED)),
        };
        match codings.next() {
            None => Ok(Some(known)),
            Some(_) => Err(Problem::unsupported_coding(ACCEPTED)),
        }
    }

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// Bytes of memory that a decoder needs at most.
    pub fn memory(self) -> usize {
        match self {
            Self::Gzip | Self::Deflate => 128 << 10,
            Self::Brotli => 17 << 20,
            Self::Zstd => 9 << 20,
        }
    }
}

/// Errors of coded bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// They are not of this coding.
    Broken,
    /// They become too many.
    Expands,
}

/// A push decoder: coded bytes in, decoded bytes out.
pub struct Decoder {
    coding: Coding,
    machine: Machine,
}

#[allow(clippy::large_enum_variant, reason = "one for each body that is being read")]
enum Machine {
    Gzip(flate2::write::MultiGzDecoder<Sink>),
    Deflate {
        state: flate2::Decompress,
        ended: bool,
    },
    Brotli(Box<brotli::DecompressorWriter<Sink>>),
    Zstd {
        state: zstd::stream::raw::Decoder<'static>,
        /// 0 at the end of a frame.
        missing: usize,
    },
}

/// Decoded bytes, up to a limit.
#[derive(Default)]
struct Sink {
    decoded: Vec<u8>,
    full: bool,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.decoded.len() + bytes.len() > MAX_EXPANDED {
            self.full = true;
            return Err(io::Error::other("the body expands too far"));
        }
        self.decoded.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Decoder {
    /// A decoder at the start of a body.
    pub fn new(coding: Coding) -> io::Result<Self> {
        let sink = Sink::default();
        let machine = match coding {
            Coding::Gzip => Machine::Gzip(flate2::write::MultiGzDecoder::new(sink)),
            Coding::Deflate => Machine::Deflate {
                state: flate2::Decompress::new(true),
                ended: false,
            },
            Coding::Brotli => Machine::Brotli(Box::new(brotli::DecompressorWriter::new(sink, 16 * 1024))),
            Coding::Zstd => {
                let mut state = zstd::stream::raw::Decoder::new()?;
                state.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW))?;
                Machine::Zstd { state, missing: 0 }
            }
        };
        Ok(Self { coding, machine })
    }

    /// The coding.
    pub fn coding(&self) -> Coding {
        self.coding
    }

    /// Decodes some of these bytes, and takes those away. The result may be empty while some remain.
    pub fn decode(&mut self, encoded: &mut Bytes) -> Result<Bytes, DecodeError> {
        match &mut self.machine {
            Machine::Gzip(writer) => push(writer, flate2::write::MultiGzDecoder::get_mut, encoded),
            Machine::Brotli(writer) => push(&mut **writer, brotli::DecompressorWriter::get_mut, encoded),
            Machine::Deflate { state, ended } => {
                if *ended {
                    return Err(DecodeError::Broken);
                }
                let mut decoded = Vec::with_capacity(BLOCK);
                let before = state.total_in();
                let status = state.decompress_vec(encoded, &mut decoded, flate2::FlushDecompress::None);
                let used = (state.total_in() - before) as usize;
                match status {
                    Ok(flate2::Status::StreamEnd) => *ended = true,
                    Ok(_) if used > 0 || !decoded.is_empty() => {}
                    _ => return Err(DecodeError::Broken),
                }
                encoded.advance(used);
                Ok(decoded.into())
            }
            Machine::Zstd { state, missing } => {
                let mut decoded = vec![0; BLOCK];
                let status = state
                    .run_on_buffers(encoded, &mut decoded)
                    .map_err(|_| DecodeError::Broken)?;
                if status.bytes_read == 0 && status.bytes_written == 0 {
                    return Err(DecodeError::Broken);
                }
                *missing = status.remaining;
                encoded.advance(status.bytes_read);
                decoded.truncate(status.bytes_written);
                Ok(decoded.into())
            }
        }
    }

    /// The last bytes; to be called again until there are none.
    pub fn end(&mut self) -> Result<Bytes, DecodeError> {
        match &mut self.machine {
            Machine::Gzip(writer) => {
                let ended = writer.try_finish();
                pulled(writer.get_mut(), ended)
            }
            Machine::Brotli(writer) => {
                let ended = writer.close();
                pulled(writer.get_mut(), ended)
            }
            Machine::Deflate { ended: true, .. } | Machine::Zstd { missing: 0, .. } => Ok(Bytes::new()),
            // Output that did not fit into a block may remain.
            Machine::Deflate { state, ended } => {
                let mut decoded = Vec::with_capacity(BLOCK);
                let status = state.decompress_vec(&[], &mut decoded, flate2::FlushDecompress::None);
                *ended = matches!(status, Ok(flate2::Status::StreamEnd));
                match decoded.is_empty() && !*ended {
                    true => Err(DecodeError::Broken),
                    false => Ok(decoded.into()),
                }
            }
            Machine::Zstd { state, missing } => {
                let mut decoded = vec![0; BLOCK];
                let status = state
                    .run_on_buffers(&[], &mut decoded)
                    .map_err(|_| DecodeError::Broken)?;
                *missing = status.remaining;
                decoded.truncate(status.bytes_written);
                match decoded.is_empty() && *missing > 0 {
                    true => Err(DecodeError::Broken),
                    false => Ok(decoded.into()),
                }
            }
        }
    }
}

/// Decodes by a writer, piece by piece, until there is a block.
fn push<W: Write>(
    writer: &mut W,
    sink_of: impl Fn(&mut W) -> &mut Sink,
    encoded: &mut Bytes,
) -> Result<Bytes, DecodeError> {
    while !encoded.is_empty() && sink_of(writer).decoded.len() < BLOCK {
        let piece = encoded.len().min(PIECE);
        let written = writer.write_all(&encoded[..piece]);
        encoded.advance(piece);
        if written.is_err() {
            return pulled(sink_of(writer), written);
        }
    }
    pulled(sink_of(writer), Ok(()))
}

/// The bytes in a sink, or why there are none.
fn pulled(sink: &mut Sink, result: io::Result<()>) -> Result<Bytes, DecodeError> {
    match result {
        Ok(()) => Ok(std::mem::take(&mut sink.decoded).into()),
        Err(_) if sink.full => Err(DecodeError::Expands),
        Err(_) => Err(DecodeError::Broken),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{negotiate::Encoding, respond};
    use axum::http::HeaderValue;

    const CODINGS: [Coding; 4] = [Coding::Gzip, Coding::Deflate, Coding::Brotli, Coding::Zstd];

    fn encode(coding: Coding, plain: &[u8]) -> Vec<u8> {
        match coding {
            Coding::Gzip => respond::compress(plain.to_vec(), Encoding::Gzip).to_vec(),
            Coding::Brotli => respond::compress(plain.to_vec(), Encoding::Brotli).to_vec(),
            Coding::Zstd => respond::compress(plain.to_vec(), Encoding::Zstd).to_vec(),
            Coding::Deflate => {
                let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
                writer.write_all(plain).unwrap();
                writer.finish().unwrap()
            }
        }
    }

    fn decode(coding: Coding, encoded: &[u8], most: usize) -> Result<Vec<u8>, DecodeError> {
        let mut decoder = Decoder::new(coding).unwrap();
        let mut plain = Vec::new();
        for part in encoded.chunks(1000) {
            let mut part = Bytes::copy_from_slice(part);
            while !part.is_empty() {
                plain.extend_from_slice(&decoder.decode(&mut part)?);
                if plain.len() > most {
                    return Ok(plain);
                }
            }
        }
        loop {
            let last = decoder.end()?;
            if last.is_empty() {
                return Ok(plain);
            }
            plain.extend_from_slice(&last);
        }
    }

    #[test]
    fn each_coding_is_decoded() {
        let mut plain = Vec::new();
        for number in 0..40_000 {
            plain.extend_from_slice(format!("{number} كركوك\n").as_bytes());
        }
        for coding in CODINGS {
            let encoded = encode(coding, &plain);
            assert!(encoded.len() < plain.len(), "{coding:?}");
            assert!(decode(coding, &encoded, usize::MAX).unwrap() == plain, "{coding:?}");
        }
    }

    #[test]
    fn a_body_that_is_cut_off_or_of_another_coding_is_broken() {
        let mut plain = Vec::new();
        for number in 0..4_000 {
            plain.extend_from_slice(format!("{number} كركوك\n").as_bytes());
        }
        for coding in CODINGS {
            let encoded = encode(coding, &plain);
            for cut in [1, encoded.len() / 2, encoded.len() - 1] {
                let got = decode(coding, &encoded[..cut], usize::MAX);
                assert_eq!(got.err(), Some(DecodeError::Broken), "{coding:?} at {cut}");
            }
            let got = decode(
                coding,
                b"An attack near Khanaqin, with the label of a coding only.",
                usize::MAX,
            );
            assert_eq!(got.err(), Some(DecodeError::Broken), "{coding:?}");
        }
    }

    #[test]
    fn a_bomb_is_given_in_blocks_or_refused() {
        let zeros = vec![0; 64 << 20];
        for coding in CODINGS {
            let encoded = encode(coding, &zeros);
            match decode(coding, &encoded, 1 << 20) {
                // The reader of the body stops here.
                Ok(plain) => assert!(plain.len() <= (1 << 20) + MAX_EXPANDED, "{coding:?}: {}", plain.len()),
                Err(error) => assert_eq!(error, DecodeError::Expands, "{coding:?}"),
            }
        }
    }

    #[test]
    fn codings_that_are_not_known_and_several_are_refused() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(value));
            Coding::of(&headers)
        };
        assert_eq!(of("identity").unwrap(), None);
        assert_eq!(of("GZIP").unwrap(), Some(Coding::Gzip));
        assert_eq!(of("identity, x-gzip").unwrap(), Some(Coding::Gzip));
        for wrong in ["compress", "gzip, br", "gzip;q=1", "gezip"] {
            assert_eq!(of(wrong).unwrap_err().status, 415, "{wrong}");
        }
    }
}
