//! WMS 1.3.0 (OGC 06-042) over the renderer, for clients older than tiles. Requests of version 1.1.1 are answered too.
//!
//! `map` is the whole map as one worldview shows it, with ground; each collection that is drawn is a layer of its own.

mod capabilities;
mod info;
mod legend;
mod picture;
mod request;

use super::{
    archive,
    links::escaped,
    operations as o,
    parameter::Query,
    problem::{Problem, echo},
    request_context::{RequestContext, Shared},
    state::{App, View},
    work::WorkKind,
};
use crate::text::escape_xml;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use request::{MapRequest, Pairs, Version};
use std::sync::Arc;

/// A refusal in the words of WMS.
struct Refusal {
    status: StatusCode,
    /// Seconds after which the same request may succeed, for 503.
    retry_after: Option<u32>,
    code: Option<&'static str>,
    text: String,
}

impl Refusal {
    fn new(code: impl Into<Option<&'static str>>, text: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            retry_after: None,
            code: code.into(),
            text: text.into(),
        }
    }

    fn missing(name: &str) -> Self {
        Self::new(
            "MissingParameterValue",
            format!("the parameter {} is missing", name.to_uppercase()),
        )
    }

    fn invalid(name: &str, text: impl Into<String>) -> Self {
        Self::new(
            "InvalidParameterValue",
            format!("{}: {}", name.to_uppercase(), text.into()),
        )
    }

    fn response(&self, version: Version) -> Response {
        let code = match self.code {
            Some(code) => format!(" code=\"{code}\""),
            None => String::new(),
        };
        let (namespace, number) = match version {
            Version::V130 => (" xmlns=\"http://www.opengis.net/ogc\"", "1.3.0"),
            Version::V111 => ("", "1.1.1"),
        };
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ServiceExceptionReport version=\"{number}\"{namespace}>\
             <ServiceException{code}>{}</ServiceException></ServiceExceptionReport>\n",
            escape_xml(&self.text)
        );
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let media = match version {
            Version::V130 => "text/xml",
            Version::V111 => "application/vnd.ogc.se_xml",
        };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self {
            status: problem.status,
            retry_after: problem.retry_after,
            code: problem.parameter.as_ref().map(|_| "InvalidParameterValue"),
            text: problem.detail,
        }
    }
}

/// GET `/wms?SERVICE=WMS&REQUEST=…`
pub async fn kvp(State(app): Shared, ask: RequestContext) -> Response {
    let pairs = match Pairs::read(ask.uri.query().unwrap_or_default()) {
        Ok(pairs) => pairs,
        Err(refusal) => return refusal.response(Version::V130),
    };
    let version = pairs.version();
    match answer(&app, ask, pairs).await {
        Ok(response) => response,
        Err(refusal) => refusal.response(version.unwrap_or(Version::V130)),
    }
}

async fn answer(app: &Arc<App>, ask: RequestContext, pairs: Pairs) -> Result<Response, Refusal> {
    if let Some(service) = pairs
        .get("service")
        .filter(|service| !service.eq_ignore_ascii_case("wms"))
    {
        return Err(Refusal::invalid("service", format!("{service:?} is not WMS")));
    }
    // Without a query the address is the one that people paste: it describes itself.
    let request = match pairs.get("request") {
        None if pairs.is_empty() => "GetCapabilities",
        None => return Err(Refusal::missing("request")),
        Some(request) => request,
    };
    match request.to_ascii_lowercase().as_str() {
        "getcapabilities" | "capabilities" => {
            let describe = move |app: &App| Ok(capabilities::answer(app, &ask, &pairs));
            Ok(archive::blocking(app, WorkKind::Query.costing(1_000), describe).await?)
        }
        "getmap" | "map" => {
            pairs.version()?;
            let map = MapRequest::read(app, &pairs)?;
            let task = WorkKind::Map.costing(map.cost());
            Ok(archive::blocking(app, task, move |app| picture::answer(app, &ask, &map)).await?)
        }
        "getfeatureinfo" | "feature_info" => {
            pairs.version()?;
            let question = info::Question::read(app, &pairs)?;
            let task = WorkKind::Query.costing(5_000);
            Ok(archive::blocking(app, task, move |app| info::answer(app, &ask, &question)).await?)
        }
        "getlegendgraphic" => {
            pairs.version()?;
            let legend = legend::LegendRequest::read(app, &pairs)?;
            let task = WorkKind::Map.costing(5_000);
            Ok(archive::blocking(app, task, move |app| legend::answer(app, &ask, &legend)).await?)
        }
        _ => Err(Refusal::new(
            "OperationNotSupported",
            format!(
                "the operation {:?} is not known; the operations are GetCapabilities, GetMap, GetFeatureInfo and GetLegendGraphic",
                echo(request)
            ),
        )),
    }
}

/// The parameters that select features, as the tiles of the map take them.
fn selecting(pairs: &Pairs) -> Result<Query<'static>, Refusal> {
    let mut raw = String::new();
    for (name, parameter) in [
        ("worldview", "worldview"),
        ("lang", "lang"),
        ("language", "lang"),
        ("time", "datetime"),
        ("cql_filter", "filter"),
        ("filter", "filter"),
        ("rulings", "rulings"),
    ] {
        let is_new = !raw.split('&').any(|pair| pair.split('=').next() == Some(parameter));
        if let Some(value) = pairs.get(name).filter(|_| is_new) {
            let between = if raw.is_empty() { "" } else { "&" };
            raw.push_str(&format!("{between}{parameter}={}", escaped(value)));
        }
    }
    let query = Query::read(Some(&raw), o::MAP_TILE).map_err(Problem::from)?;
    Ok(query.into_owned())
}

/// The name of the layer with the whole map.
const MAP: &str = "map";

/// Ids of the collections that the map draws, in the order of drawing.
fn drawn(view: &View) -> impl DoubleEndedIterator<Item = &str> {
    let layers = view.layers().iter().map(|tiles| tiles.layer());
    layers
        .filter(|layer| layer.geometry != crate::layers::GeometryKind::None)
        .map(|layer| layer.id.as_str())
}
