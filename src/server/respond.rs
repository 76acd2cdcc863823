//! Turns bodies into responses: type, compression, ETag, caching.

use super::{
    conditions::{self, Condition},
    negotiate::Encoding,
    problem::Problem,
    state::App,
    work,
};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use serde_json::Value;
use std::{
    convert::Infallible,
    hash::Hasher,
    io::{self, Cursor, Read},
    pin::Pin,
    task::{Context, Poll},
};

/// Bodies below this many bytes are not worth compressing.
const WORTH: usize = 860;
/// Bodies of this many bytes or more are compressed on workers only.
const MAX_INLINE: usize = 32 << 10;

/// Media types that answers have.
pub mod media {
    /// JSON.
    pub const JSON: &str = "application/json";
    /// GeoJSON.
    pub const GEOJSON: &str = "application/geo+json";
    /// HTML.
    pub const HTML: &str = "text/html; charset=utf-8";
    /// Atom feeds.
    pub const ATOM: &str = "application/atom+xml; charset=utf-8";
    /// Plain text.
    pub const TEXT: &str = "text/plain; charset=utf-8";
    /// XML.
    pub const XML: &str = "text/xml; charset=utf-8";
    /// JSON Schema.
    pub const SCHEMA: &str = "application/schema+json";
    /// OpenAPI 3.0.
    pub const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";
    /// W3C annotations.
    pub const ANNOTATIONS: &str = "application/ld+json; profile=\"http://www.w3.org/ns/anno.jsonld\"";
    /// Glyphs.
    pub const PROTOBUF: &str = "application/x-protobuf";
    /// Pictures.
    pub const PNG: &str = "image/png";
    /// QGIS layer files.
    pub const QLR: &str = "application/x-qgis-layer-definition";
    /// Vector tiles.
    pub const MVT: &str = "application/vnd.mapbox-vector-tile";
}

/// An answer on its way out.
#[derive(Debug)]
pub struct Answer {
    body: Vec<u8>,
    media: &'static str,
    tag: Option<u64>,
    headers: HeaderMap,
    /// Of a body that was compressed while it was made.
    packed: Option<Packed>,
}

/// A body that was compressed while it was made.
#[derive(Clone, Copy, Debug)]
pub struct Packed {
    /// The content coding that the client gets. For one that takes none the body is kept in zstd.
    pub shown: Encoding,
    /// Bytes before compression.
    pub length: usize,
}

impl Answer {
    /// Bytes of a type.
    pub fn new(media: &'static str, body: Vec<u8>) -> Self {
        Self {
            body,
            media,
            tag: None,
            headers: HeaderMap::new(),
            packed: None,
        }
    }

    /// A compressed body; it needs a tag.
    pub fn packed(media: &'static str, body: Vec<u8>, packed: Packed) -> Self {
        Self {
            packed: Some(packed),
            ..Self::new(media, body)
        }
    }

    /// A JSON document.
    pub fn json(value: &Value) -> Self {
        Self::new(media::JSON, value.to_string().into_bytes())
    }

    /// A JSON document of another type.
    pub fn json_as(media: &'static str, value: &Value) -> Self {
        Self::new(media, value.to_string().into_bytes())
    }

    /// A number that changes when the answer changes; without it the body is hashed.
    pub fn tagged(mut self, tag: u64) -> Self {
        self.tag = Some(tag);
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// [`Self::send`] of an answer that may be large: its bytes count among those that wait for clients, and too many of
    /// them are answered 503.
    pub fn send_from(self, app: &App, request: &HeaderMap) -> Response {
        let hold = |body| app.work.memory.hold(body);
        self.finish(request, |etag| conditions::check(request, etag), hold)
    }

    /// Compresses as the request likes, or answers 304 or 412 where its conditions say so.
    pub fn send(self, request: &HeaderMap) -> Response {
        self.finish(request, |etag| conditions::check(request, etag), |body| Ok(body.into()))
    }

    /// [`Self::send`] after a write, which conditions cannot undo.
    pub fn send_unconditionally(self, request: &HeaderMap) -> Response {
        self.finish(request, |_| Condition::Holds, |body| Ok(body.into()))
    }

    fn finish(
        self,
        request: &HeaderMap,
        condition: impl FnOnce(&[u8]) -> Condition,
        hold: impl FnOnce(Vec<u8>) -> Result<Bytes, Problem>,
    ) -> Response {
        let tag = self.tag.unwrap_or_else(|| hash(&self.body));
        let encoding = match self.packed {
            Some(packed) => packed.shown,
            None if self.body.len() < WORTH => Encoding::Identity,
            None => Encoding::accepted(request),
        };
        // Weak: an answer with a time in it is the same answer for every use, though not byte for byte.
        let etag = format!("W/\"{tag:016x}-{}\"", encoding.word());
        let condition = condition(etag.as_bytes());
        if condition == Condition::Failed {
            return Problem::precondition_failed().into_response();
        }
        let mut response = Response::new(Body::empty());
        *response.headers_mut() = self.headers;
        let headers = response.headers_mut();
        headers.insert(
            header::VARY,
            HeaderValue::from_static("accept, accept-encoding, accept-language"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if let Ok(etag) = HeaderValue::try_from(etag) {
            headers.insert(header::ETAG, etag);
        }
        if condition == Condition::NotModified {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        if let Some(value) = encoding.header() {
            headers.insert(header::CONTENT_ENCODING, value);
        }
        let body = match self.packed {
            None => hold(compress(self.body, encoding)).map(Body::from),
            Some(packed) if packed.shown == Encoding::Identity => {
                hold(self.body).and_then(|body| Ok(Body::new(Unpacked::new(body, packed.length)?)))
            }
            Some(_) => hold(self.body).map(Body::from),
        };
        match body {
            Ok(body) => {
                *response.body_mut() = body;
                response
            }
            Err(problem) => problem.into_response(),
        }
    }
}

/// A body that is kept in zstd and sent as it was before.
struct Unpacked {
    decoder: zstd::stream::read::Decoder<'static, Cursor<Bytes>>,
    /// Bytes that are not sent yet.
    left: usize,
}

impl Unpacked {
    /// Bytes that are sent at a time.
    const BLOCK: usize = 32 * 1024;

    fn new(body: Bytes, length: usize) -> Result<Self, Problem> {
        let decoder = zstd::stream::read::Decoder::with_buffer(Cursor::new(body)).map_err(Problem::internal)?;
        Ok(Self { decoder, left: length })
    }
}

impl HttpBody for Unpacked {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let mut block = vec![0; Self::BLOCK.min(self.left)];
        Poll::Ready(Some(self.decoder.read_exact(&mut block).map(|()| {
            self.left -= block.len();
            Frame::data(block.into())
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left as u64)
    }
}

/// The answer to HEAD where only the work of GET would show its length: the type alone (RFC 9110, 9.3.2).
pub fn head(media: &'static str) -> Response {
    let mut response = Response::new(Body::new(UnknownLength));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// The body of an answer to HEAD: empty, of a length that is not known.
pub struct UnknownLength;

impl HttpBody for UnknownLength {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }
}

/// Compresses a body that is made for one answer: speed before size.
pub fn compress(body: Vec<u8>, encoding: Encoding) -> Vec<u8> {
    debug_assert!(
        encoding == Encoding::Identity || body.len() < MAX_INLINE || work::is_worker() || cfg!(test),
        "{} bytes are compressed on a thread that answers",
        body.len()
    );
    match encoding {
        Encoding::Identity => body,
        Encoding::Gzip => gzip(&body, 1),
        Encoding::Brotli => brotli(&body, 3),
        Encoding::Zstd => zstd::bulk::compress(&body, 1).unwrap_or(body),
    }
}

/// Compresses a tile, which is kept: a little more effort than for one answer.
pub fn compress_kept(body: &[u8], encoding: Encoding) -> Bytes {
    match encoding {
        Encoding::Identity => Bytes::copy_from_slice(body),
        Encoding::Gzip => gzip(body, 1).into(),
        Encoding::Brotli => brotli(body, 4).into(),
        Encoding::Zstd => zstd::bulk::compress(body, 3).map_or_else(|_| Bytes::copy_from_slice(body), Bytes::from),
    }
}

/// Gzip by libdeflate.
pub fn gzip(body: &[u8], level: i32) -> Vec<u8> {
    use libdeflater::{CompressionLvl, Compressor};
    use std::cell::RefCell;
    thread_local! {
        static FAST: RefCell<Option<(i32, Compressor)>> = const { RefCell::new(None) };
    }
    FAST.with_borrow_mut(|kept| {
        if kept.as_ref().is_none_or(|(kept_level, _)| *kept_level != level) {
            let compression = CompressionLvl::new(level).unwrap_or_default();
            *kept = Some((level, Compressor::new(compression)));
        }
        let Some((_, compressor)) = kept else {
            return Vec::new();
        };
        let mut out = vec![0; compressor.gzip_compress_bound(body.len())];
        let length = compressor.gzip_compress(body, &mut out).unwrap_or(0);
        out.truncate(length);
        out
    })
}

/// Brotli at a quality of 0 to 11.
pub fn brotli(body: &[u8], quality: u32) -> Vec<u8> {
    use std::io::Write;
    let mut out = Vec::with_capacity(body.len() / 3);
    let mut writer = brotli::CompressorWriter::new(&mut out, 32 * 1024, quality, 20);
    // Writing to memory does not fail.
    let _ = writer.write_all(body);
    drop(writer);
    out
}

/// A hash of bytes that is the same in every run.
pub fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}
