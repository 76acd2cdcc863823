//! The web map inside the binary: its files with type, ETag and compressed forms.

use super::{
    conditions::{self, Condition},
    negotiate::Encoding,
    problem::Problem,
    respond::{self, media},
};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use include_dir::{Dir, include_dir};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

static FILES: Dir<'static> = include_dir!("$OUT_DIR/viewer");

/// Nothing from elsewhere, nothing inline.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    connect-src 'self'; worker-src 'self'; font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'self'";
/// The same for the page that others may put in a frame.
pub const EMBED_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    connect-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";

/// Page at `/` when the binary was built without the viewer.
const WITHOUT: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Mahwar</title></head>\
    <h1>Mahwar</h1><p>The server runs. Its web map is not in this binary: build it with <code>make build</code> \
    (it needs Node.js 20 or newer and npm), or <code>npm ci &amp;&amp; npm run build</code> in <code>static/</code> \
    and then <code>cargo build</code>.</p>\
    <p><a href=\"/?f=json\">API</a> · <a href=\"/collections?f=html\">Layers</a> · <a href=\"/api.html\">API document</a></p></html>";

/// The files by path, without a slash before it.
#[derive(Debug)]
pub struct Viewer(FxHashMap<&'static str, File>);

#[derive(Debug)]
struct File {
    plain: &'static [u8],
    media: &'static str,
    tag: u64,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

impl Viewer {
    /// The files that the build embedded in the binary.
    pub fn embedded() -> Self {
        let mut files = FxHashMap::default();
        add(&FILES, &mut files);
        take_compressed(&mut files);
        Self(files)
    }

    /// True if the binary contains the web map.
    pub fn is_built(&self) -> bool {
        self.0.contains_key("index.html")
    }

    /// The map's page with more elements in its head, or a substitute for it.
    pub fn page(&self, policy: &str, head: &str, request: &HeaderMap) -> Response {
        let page = match self.0.get("index.html") {
            Some(file) => String::from_utf8_lossy(file.plain),
            None => WITHOUT.into(),
        };
        let page = page.replacen("</head>", &format!("{head}</head>"), 1);
        let mut response = respond::Answer::new(media::HTML, page.into_bytes()).send(request);
        let headers = response.headers_mut();
        if let Ok(policy) = HeaderValue::try_from(policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
        response
    }

    /// A file of the map.
    pub fn file(&self, path: &str, request: &HeaderMap) -> Result<Response, Problem> {
        let path = path.trim_start_matches('/');
        let file = self.0.get(path).filter(|_| path != "index.html");
        let file = file.ok_or_else(|| Problem::not_found("there is nothing at this address; see /api.html"))?;
        // The build names assets after their content.
        let caching = if path.starts_with("assets/") {
            "public, max-age=31536000, immutable"
        } else {
            "public, max-age=3600"
        };
        Ok(file.send(request, caching))
    }
}

fn add(folder: &Dir<'static>, files: &mut FxHashMap<&'static str, File>) {
    for file in folder.files() {
        let Some(path) = file.path().to_str() else { continue };
        let plain = file.contents();
        files.insert(
            path,
            File {
                plain,
                media: media_of(path),
                tag: respond::hash(plain),
                gzip: OnceLock::new(),
                brotli: OnceLock::new(),
            },
        );
    }
    for inner in folder.dirs() {
        add(inner, files);
    }
}

/// Removes the files that the build compressed (`app.js.br`), and sends them as the Brotli form of their originals.
fn take_compressed(files: &mut FxHashMap<&'static str, File>) {
    let compressed: Vec<&'static str> = files.keys().copied().filter(|path| path.ends_with(".br")).collect();
    for path in compressed {
        let form = files.remove(path).map(|file| Bytes::from_static(file.plain));
        let original = path.strip_suffix(".br").and_then(|original| files.get_mut(original));
        if let (Some(original), Some(form)) = (original, form) {
            original.brotli = OnceLock::from(form);
        }
    }
}

fn media_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => media::HTML,
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => media::JSON,
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => media::TEXT,
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

impl File {
    fn send(&self, request: &HeaderMap, caching: &'static str) -> Response {
        let compressible = !matches!(self.media, "image/png" | "font/woff2" | "image/x-icon");
        let encoding = match Encoding::accepted(request) {
            _ if !compressible => Encoding::Identity,
            // Two forms are enough: every client that accepts zstd also accepts one of them.
            Encoding::Zstd | Encoding::Brotli => Encoding::Brotli,
            other => other,
        };
        let etag = format!("\"{:016x}-{}\"", self.tag, encoding.word());
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        let condition = conditions::check(request, etag.as_bytes());
        if condition == Condition::Failed {
            return Problem::precondition_failed().into_response();
        }
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
        // Files that the build did not compress are compressed once, at the first request: the start must not wait.
        let body = match encoding {
            Encoding::Gzip => self.gzip.get_or_init(|| respond::gzip(self.plain, 9).into()).clone(),
            Encoding::Brotli => self
                .brotli
                .get_or_init(|| respond::brotli(self.plain, 9).into())
                .clone(),
            Encoding::Identity | Encoding::Zstd => Bytes::from_static(self.plain),
        };
        *response.body_mut() = Body::from(body);
        response
    }
}
