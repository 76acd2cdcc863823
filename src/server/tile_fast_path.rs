//! The first thing that a request meets: a ready tile is sent from here, everything else goes to the router.
//!
//! A hit costs one look into the cache and a copy of ready headers; there is no routing, no parsing of the query,
//! no boxed body. The meaning of a tile's address was checked when the tile was made.

use super::{
    App, access, add_headers, around,
    conditions::{self, Condition},
    connection::Running,
    problem::Problem,
    request_body, router,
    tile_cache::{KeyRef, ReadyTile},
    tiles::variant_of,
};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header, request::Parts},
    response::IntoResponse,
};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tower::Service;

/// The server as a service.
#[derive(Clone, Debug)]
pub struct TileFastPath {
    app: Arc<App>,
    router: Router,
}

impl TileFastPath {
    /// Ends responses that would not end by themselves: streams of changes.
    pub(super) fn end_streams(&self) {
        self.app.streams.stop();
    }

    /// The server with this state.
    pub fn new(app: Arc<App>) -> Self {
        Self {
            router: router(Arc::clone(&app)),
            app,
        }
    }

    /// A ready tile for this request, if there is one.
    pub fn ready_tile(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response<FrontBody>> {
        if *method != Method::GET {
            return None;
        }
        let address = uri.path_and_query()?.as_str();
        // The second letter distinguishes most addresses without tiles.
        if !matches!(address.as_bytes(), [b'/', b'x' | b't' | b'c' | b'm' | b'w', ..]) {
            return None;
        }
        let settings = &self.app.settings;
        if !settings.access.is_open_to(uri, headers, settings.trust_proxy) {
            return None;
        }
        let key = KeyRef(address, variant_of(headers));
        let tile = self.app.cache.fresh(key, self.app.epoch())?;
        self.app.metrics.tile_ready();
        let mut response = send(&tile, headers);
        if settings.access.own_machine {
            // The browser's cache must not return this answer to a page of another site.
            response
                .headers_mut()
                .append(header::VARY, HeaderValue::from_static("origin"));
        }
        Some(response)
    }

    /// Answers a request.
    pub async fn answer<B>(self, request: Request<B>) -> Result<Response<FrontBody>, Infallible>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let (mut parts, body) = request.into_parts();
        name_host(&mut parts);
        let app = &self.app;
        if body.is_end_stream() {
            let request = Request::from_parts(parts, Body::empty());
            let response = around(app, self.router, request).await;
            return Ok(response.map(FrontBody::other));
        }
        let writes = access::writes(&parts.method, parts.uri.path());
        let (watch, body) = request_body::wrap(&mut parts, Body::new(body), &app.settings.limits, &app.bodies);
        let response = match body {
            Ok(body) => around(app, self.router, Request::from_parts(parts, body)).await,
            Err(problem) => {
                drop(parts);
                let mut response = problem.into_response();
                app.metrics.answered(response.status().as_u16());
                add_headers(writes, &mut response);
                response
            }
        };
        let response = watch.finish(response, |problem| {
            let mut response = problem.into_response();
            add_headers(writes, &mut response);
            response
        });
        Ok(response.await.map(FrontBody::other))
    }

    /// Completes an answer that no handler made.
    pub(super) fn complete(&self, mut response: Response<Body>) -> Response<FrontBody> {
        self.app.metrics.answered(response.status().as_u16());
        add_headers(false, &mut response);
        response.map(FrontBody::other)
    }
}

/// The host of an address in absolute form is the requested one, even if `Host` differs (RFC 9112, section 3.2.2).
fn name_host(parts: &mut Parts) {
    if let Some(authority) = parts.uri.authority()
        && let Ok(host) = HeaderValue::from_str(authority.as_str())
    {
        parts.headers.insert(header::HOST, host);
    }
}

fn send(tile: &ReadyTile, request: &HeaderMap) -> Response<FrontBody> {
    match conditions::check(request, tile.etag.as_bytes()) {
        Condition::Holds => {}
        Condition::NotModified => {
            let mut response = Response::new(FrontBody::Ready(None));
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.headers_mut() = tile.unchanged.clone();
            return response;
        }
        Condition::Failed => {
            let mut response = Problem::precondition_failed().into_response();
            add_headers(false, &mut response);
            return response.map(FrontBody::other);
        }
    }
    let body = (!tile.body.is_empty()).then(|| tile.body.clone());
    let empty = body.is_none();
    let mut response = Response::new(FrontBody::Ready(body));
    *response.headers_mut() = tile.headers.clone();
    if empty {
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    response
}

impl<B> Service<Request<B>> for TileFastPath
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response<FrontBody>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        match self.ready_tile(request.method(), request.uri(), request.headers()) {
            Some(response) => Box::pin(std::future::ready(Ok(response))),
            None => Box::pin(self.clone().answer(request)),
        }
    }
}

/// A body that is ready, or one from the router.
#[derive(Debug)]
pub enum FrontBody {
    /// All there is.
    Ready(Option<Bytes>),
    /// Of the router, and the mark that it is being made.
    Other(Body, Option<Running>),
}

impl FrontBody {
    fn other(body: Body) -> Self {
        Self::Other(body, None)
    }

    /// The body with a mark that is dropped when all of it has been sent.
    pub fn until_sent(self, running: Running) -> Self {
        match self {
            Self::Other(body, _) => Self::Other(body, Some(running)),
            ready => ready,
        }
    }
}

impl HttpBody for FrontBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match &mut *self {
            Self::Ready(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Other(body, _) => Pin::new(body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Ready(bytes) => bytes.is_none(),
            Self::Other(body, _) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Ready(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Self::Other(body, _) => body.size_hint(),
        }
    }
}
