//! The HTTP side: the router, handlers by subject, one place for errors, one table of parameters.

pub mod access;
mod annotations;
mod archive;
mod atom;
mod body;
mod changes;
mod collections;
mod conditions;
mod connection;
mod content_coding;
mod control;
mod corridor;
mod counting;
mod crosswalk;
mod deletion;
mod description_cache;
mod document_list;
mod documents;
mod downloads;
mod edits;
mod event_rulings;
mod events;
mod features;
mod feeds;
mod fonts;
mod geojson;
mod given;
mod histogram;
mod html;
mod incoming_body;
mod jsonp;
mod landing;
mod limits;
mod links;
mod local_names;
mod map_tilesets;
mod maps;
mod metrics;
mod negotiate;
mod object_answer;
mod oembed;
mod openapi;
mod openapi_bodies;
mod openapi_collections;
mod operations;
mod operator;
mod own;
mod parameters;
mod parse_answer;
mod permalink;
mod preview;
mod problem;
mod qgis;
mod ranges;
mod reconcile;
mod request_body;
mod request_context;
mod respond;
mod revision;
mod routes;
mod rulings;
mod search;
mod serve;
mod services;
mod state;
mod static_maps;
mod stream;
mod style_compiler;
mod styles;
mod table;
mod tile_cache;
mod tile_fast_path;
mod tiles;
mod tilesets;
mod viewer;
mod wms;
mod wmts;
mod words;
pub mod work;
mod writes;

pub use connection::usable_connections;
pub use counting::CountService;
pub use limits::ClientLimits;
pub use links::public_url;
pub use operator::{Logo, Operator};
pub use parameter::{Kind, Parameter};
pub use problem::Problem;
pub use routes::{OPERATIONS, Operation};
pub use serve::serve;
pub use services::{
    CorridorRefusal, CorridorService, Cursor, DocumentRecord, DocumentRecordPage, DocumentService, FeaturePage,
    FeatureQuery, Geoparse, LineQuery, LocalNameError, LocalNameService, PlaceMatch, PlaceService, SearchQuery,
    Services, StoreHealth,
};
pub use state::{About, App, Settings, Snapshot, StoredDocument, View, Views, Worldview};
pub use tile_fast_path::TileFastPath;

use crate::query::{cql, crs, page_cursor, parameter, selection};
use access as auth;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{sync::Arc, time::Instant};
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;

/// Every resource.
pub fn router(app: Arc<App>) -> Router {
    routes::with_routes(Router::new(), &app)
        .fallback(elsewhere)
        .method_not_allowed_fallback(other_method)
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(app)
}

/// A path without a route: with a slash at its end, the address without it; else a file of the web map, or nothing.
async fn elsewhere(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let path = request.uri().path();
    if path.len() > 1 && path.ends_with('/') {
        let base = links::base(&app.settings, request.headers());
        let query = request.uri().query().map_or(String::new(), |query| format!("?{query}"));
        let address = format!("{base}/{}{query}", path.trim_matches('/'));
        let location = HeaderValue::try_from(address).map_err(Problem::internal)?;
        // 308 and not 301: a POST stays a POST.
        return Ok((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response());
    }
    app.viewer.file(request.uri().path(), request.headers())
}

/// A method that a resource does not support; the router lists the supported ones in `Allow`.
async fn other_method() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}

/// A handler that panics is a 500 like any other, and its connection lives on.
fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let text = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied());
    Problem::internal(text.unwrap_or("panic")).into_response()
}

/// The methods of a resource: those that the router found, and OPTIONS.
fn allowed(headers: &HeaderMap) -> String {
    let known = headers.get(header::ALLOW).and_then(|allow| allow.to_str().ok());
    let mut all: Vec<&str> = known
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|method| !method.is_empty())
        .collect();
    all.push("OPTIONS");
    all.join(", ")
}

/// The answer to OPTIONS, a browser's question before it sends something, too.
fn methods(allow: &str) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    if let Ok(allow) = HeaderValue::try_from(allow) {
        headers.insert(header::ALLOW, allow.clone());
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, allow);
    }
    // The star stands for all but this one (Fetch, "CORS non-wildcard request-header name").
    let allowed = HeaderValue::from_static("*, authorization");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

/// True for a path with the data of a layer that is made of documents, while there is a store and it is not open: the layer
/// is then unknown, not empty.
fn waits_for_store(app: &App, path: &str) -> bool {
    let Some(library) = app.library().filter(|library| !library.is_open()) else {
        return false;
    };
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let mut segments = path.split('/').skip(1);
    let (kind, layers) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    let is_data = match kind {
        // Descriptions do not depend on the features of a layer.
        "collections" => !matches!(segments.next(), None | Some("" | "queryables" | "schema")),
        "xyz" => true,
        "downloads" => true,
        _ => false,
    };
    let stem = layers.split('.').next().unwrap_or_default();
    is_data
        && (matches!(layers, "all.gpkg" | "map.pmtiles") || stem.split(',').any(|layer| library.is_of_documents(layer)))
}

/// The path of every answer but a ready tile: who asks, CORS, safety headers, counting, records. Around the whole router,
/// which adds `Allow` last.
async fn around(app: &App, router: Router, mut request: Request) -> Response {
    let begun = Instant::now();
    let (visitor, admitted) = access::admit(app, &mut request);
    let asked = app
        .settings
        .access
        .log_requests
        .then(|| access::AuditedRequest::of(&request));
    let uri = request.uri().clone();
    let mut response = match admitted {
        Ok(()) if waits_for_store(app, uri.path()) => Problem::store_not_open().into_response(),
        Ok(()) => routed(router, request).await,
        Err(problem) => problem.into_response(),
    };
    let status = response.status();
    app.metrics.answered(status.as_u16());
    app.metrics.took(begun.elapsed());
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|media| media.as_bytes().starts_with(b"application/json"));
    // Links in answers depend on the headers of a proxy; tiles have none.
    let is_revalidated = response
        .headers()
        .get(header::CACHE_CONTROL)
        .is_some_and(|value| value == "no-cache");
    if is_revalidated && app.settings.trust_proxy && app.settings.public_url.is_none() {
        response
            .headers_mut()
            .append(header::VARY, HeaderValue::from_static(links::FORWARDING));
    }
    access::finish(app, &visitor, &uri, is_json, response.headers_mut());
    if status == StatusCode::UNAUTHORIZED {
        access::challenge(&app.settings, response.headers_mut());
    }
    if let Some(asked) = asked {
        let bytes = http_body::Body::size_hint(response.body()).exact();
        access::access(&asked, Some(&visitor), status.as_u16(), bytes, begun.elapsed());
    }
    response
}

/// Routes a request, and adds the common headers to its response.
async fn routed(router: Router, mut request: Request) -> Response {
    let method = request.method().clone();
    let is_write = access::writes(&method, request.uri().path());
    let unmet = conditions::check_unsafe(&method, is_write, request.headers_mut()).err();
    let asks_for_methods = request.method() == Method::OPTIONS;
    // A page of another site may read but not write, so its browser gets no permission to write.
    let asked = request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD);
    let asked = asked.and_then(|method| Method::from_bytes(method.as_bytes()).ok());
    let writes = access::writes(asked.as_ref().unwrap_or(request.method()), request.uri().path());
    if asks_for_methods && request.uri().path() == "*" {
        let mut response = methods("GET, HEAD, POST, PATCH, DELETE, OPTIONS");
        add_headers(writes, &mut response);
        return response;
    }
    // No resource has a NUL in its address, and no database takes one.
    let Ok(mut response) = match (request.uri().path().contains("%00"), unmet) {
        (true, _) => Ok(Problem::not_found("no resource has a NUL character in its address").into_response()),
        (_, Some(problem)) => Ok(problem.into_response()),
        (false, None) => router.oneshot(request).await,
    };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allow = allowed(response.headers());
        response = if asks_for_methods {
            methods(&allow)
        } else {
            Problem::method(allow).into_response()
        };
    }
    add_headers(writes, &mut response);
    response
}

/// Adds CORS and safety headers. No page of another site gets permission to write.
fn add_headers(writes: bool, response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    // A picture may repeat a title of the request; opened by itself it is a document of its own.
    let is_svg = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|media| media.as_bytes().starts_with(b"image/svg"));
    if is_svg && !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let policy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; sandbox";
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    if writes {
        for header in [
            header::ACCESS_CONTROL_ALLOW_METHODS,
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            header::ACCESS_CONTROL_MAX_AGE,
        ] {
            headers.remove(header);
        }
        return;
    }
    // A tile brings its own, the same as when it is ready.
    if headers
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))
        .is_none()
    {
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(
                "content-crs, content-disposition, content-range, etag, link, location, retry-after, x-request-id",
            ),
        );
    }
}
