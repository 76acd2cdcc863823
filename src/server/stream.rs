//! A text file that is sent while it is made: no more of it is in memory than a block.

use super::negotiate::Encoding;
use crate::export::Pieces;
use axum::body::HttpBody;
use bytes::Bytes;
use flate2::write::GzEncoder;
use http_body::Frame;
use std::{
    io::{self, Write},
    pin::Pin,
    task::{Context, Poll},
};

/// Bytes of a block before it is compressed.
const BLOCK: usize = 64 * 1024;

/// What a file is made of.
pub trait Source: Send + Unpin + 'static {
    /// How many features there are.
    fn len(&self) -> usize;
    /// The pieces of the file.
    fn pieces(&self) -> Box<dyn Pieces + '_>;
}

/// The whole file at once.
pub fn whole(source: &impl Source) -> Vec<u8> {
    let pieces = source.pieces();
    let mut out = Vec::new();
    pieces.head(&mut out);
    (0..source.len()).for_each(|nth| pieces.feature(nth, &mut out));
    pieces.tail(&mut out);
    out
}

/// A file on its way: each time that the client can take more, a block of it is made.
pub struct Stream<S> {
    source: S,
    /// The next feature.
    at: usize,
    /// The compressor; none when all is sent.
    encoder: Option<Encoder>,
}

impl<S: Source> Stream<S> {
    /// Nothing is made yet.
    pub fn new(source: S, encoding: Encoding) -> io::Result<Self> {
        Ok(Self {
            source,
            at: 0,
            encoder: Some(Encoder::new(encoding)?),
        })
    }

    fn block(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            let Some(mut encoder) = self.encoder.take() else {
                return Ok(None);
            };
            let mut plain = Vec::with_capacity(BLOCK * 2);
            let pieces = self.source.pieces();
            let count = self.source.len();
            if self.at == 0 {
                pieces.head(&mut plain);
            }
            while self.at < count && plain.len() < BLOCK {
                pieces.feature(self.at, &mut plain);
                self.at += 1;
            }
            if self.at >= count {
                pieces.tail(&mut plain);
                return encoder.end(&plain).map(Some);
            }
            drop(pieces);
            let made = encoder.push(plain)?;
            self.encoder = Some(encoder);
            // A compressor may keep what it has got for a while.
            if !made.is_empty() {
                return Ok(Some(made));
            }
        }
    }
}

impl<S: Source> HttpBody for Stream<S> {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let block = self.block().transpose();
        Poll::Ready(block.map(|block| block.map(|bytes| Frame::data(bytes.into()))))
    }
}

/// A compressor that gives what it has so far.
enum Encoder {
    Plain,
    Gzip(GzEncoder<Vec<u8>>),
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

impl Encoder {
    fn new(encoding: Encoding) -> io::Result<Self> {
        Ok(match encoding {
            Encoding::Identity => Self::Plain,
            Encoding::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), flate2::Compression::fast())),
            Encoding::Brotli => Self::Brotli(Box::new(brotli::CompressorWriter::new(Vec::new(), 32 * 1024, 3, 20))),
            Encoding::Zstd => Self::Zstd(zstd::stream::write::Encoder::new(Vec::new(), 1)?),
        })
    }

    fn push(&mut self, plain: Vec<u8>) -> io::Result<Vec<u8>> {
        let made = match self {
            Self::Plain => return Ok(plain),
            Self::Gzip(writer) => {
                writer.write_all(&plain)?;
                writer.get_mut()
            }
            Self::Brotli(writer) => {
                writer.write_all(&plain)?;
                writer.get_mut()
            }
            Self::Zstd(writer) => {
                writer.write_all(&plain)?;
                writer.get_mut()
            }
        };
        Ok(std::mem::take(made))
    }

    fn end(self, plain: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Plain => Ok(plain.to_vec()),
            Self::Gzip(mut writer) => {
                writer.write_all(plain)?;
                writer.finish()
            }
            Self::Brotli(mut writer) => {
                writer.write_all(plain)?;
                Ok(writer.into_inner())
            }
            Self::Zstd(mut writer) => {
                writer.write_all(plain)?;
                writer.finish()
            }
        }
    }
}
