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
use http_body::{Body as HttpBody, Frame};
use serde_json::Value;
use std::{
    convert::Infallible,
    hash::Hasher,
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
}

impl Answer {
    /// Bytes of a type.
    pub fn new(media: &'static str, body: Vec<u8>) -> Self {
        Self {
            body,
            media,
            tag: None,
            headers: HeaderMap::new(),
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
        let encoding = if self.body.len() < WORTH {
            Encoding::Identity
        } else {
            Encoding::accepted(request)
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
        match hold(compress(self.body, encoding)) {
            Ok(body) => {
                *response.body_mut() = Body::from(body);
                response
            }
            Err(problem) => problem.into_response(),
        }
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
