//! The landing page, conformance, worldviews, and the pages of the web map.

use super::{
    collections::add_convention,
    html,
    links::link,
    negotiate::{self, Format},
    oembed, openapi, operations as o, parameters as p, preview,
    problem::Problem,
    request_context::{RequestContext, Shared, carried, with},
    respond::{Answer, media},
    state::App,
    viewer::{EMBED_POLICY, POLICY},
};
use crate::layers::sentences_once;
use axum::{extract::State, response::Response};
use serde_json::{Value, json};

/// The conformance classes that hold.
const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/collections-selection",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/png",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
];

/// `/`: the web map for a browser, the landing page for everyone else.
pub async fn landing(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    // The map has its own parameters in its address, so parameters are checked for other clients only.
    let html = |query: &super::parameter::Query<'_>| {
        negotiate::format(query, &ask.headers, &[Format::Json, Format::Html]) == Format::Html
    };
    let empty = super::parameter::Query::read(None, o::PLAIN)?;
    let query = match ask.query(o::VIEWED) {
        Ok(query) => query,
        Err(_) if html(&empty) => return Ok(map_page(&app, &ask)),
        Err(problem) => return Err(problem),
    };
    if html(&query) {
        return Ok(map_page(&app, &ask));
    }
    let base = ask.base(&app.settings);
    let suffix = carried(&query);
    let language = ask.language(&query);
    let json = with(&suffix, "f=json");
    let snapshot = app.snapshot();
    let mut value = json!({
        "title": app.about.title.best(language),
        "description": app.about.description.best(language),
        "attribution": app.about.attribution,
        "links": [
            link(format!("{base}/{json}"), "self", media::JSON, "This page"),
            link(format!("{base}/{}", with(&suffix, "f=html")), "alternate", "text/html", "The web map"),
            link(format!("{base}/api"), "service-desc", media::OPENAPI, "The API as OpenAPI 3.0"),
            link(format!("{base}/api.html"), "service-doc", "text/html", "The API to read"),
            link(format!("{base}/conformance?f=json"), "conformance", media::JSON, "Conformance classes"),
            link(format!("{base}/collections{json}"), "data", media::JSON, "The layers"),
            link(format!("{base}/collections{}", with(&suffix, "f=html")), "data", "text/html", "The layers to read"),
            link(
                format!("{base}/tiles{json}"),
                "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", media::JSON, "Vector tiles of all layers",
            ),
            link(
                format!("{base}/tileMatrixSets?f=json"),
                "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", media::JSON, "Tile matrix sets",
            ),
            link(
                format!("{base}/map/tiles{suffix}"),
                "http://www.opengis.net/def/rel/ogc/1.0/tilesets-map", media::JSON, "Map tiles",
            ),
            link(format!("{base}/wmts/1.0.0/WMTSCapabilities.xml"), "related", "application/xml", "WMTS 1.0.0"),
            link(format!("{base}/wms?SERVICE=WMS&REQUEST=GetCapabilities"), "related", "text/xml", "WMS 1.3.0"),
            link(
                format!("{base}/styles{suffix}"),
                "http://www.opengis.net/def/rel/ogc/1.0/styles", media::JSON, "Styles of the map",
            ),
            link(format!("{base}/documents"), "related", media::JSON, "Documents"),
            link(format!("{base}/corridor"), "related", media::JSON, "The corridor"),
            link(format!("{base}/worldviews"), "related", media::JSON, "Worldviews"),
            link(format!("{base}/attribution"), "license", media::JSON, "Sources and their licences"),
        ],
    });
    let view = super::request_context::view_of(&snapshot, &query)?;
    if !app.about.operator.head().is_empty() {
        value["operator"] = json!(app.about.operator);
    }
    add_convention(&mut value, view, &app.about, language);
    if let Some(bounds) = view.bounds() {
        value["extent"] = json!({"spatial": {"bbox": [bounds.rounded_out()], "crs": super::crs::Crs::Crs84.uri()}});
    }
    Ok(Answer::json(&value).send(&ask.headers))
}

/// The web map, with the addresses by which other sites find its frame and its picture.
fn map_page(app: &App, ask: &RequestContext) -> Response {
    let base = ask.base(&app.settings);
    let otherwise = negotiate::accepted_language(&ask.headers);
    let mut head = oembed::discovery(&base, ask.uri.query());
    head += &preview::open_graph(app, &base, ask.uri.query(), otherwise);
    head += &app.about.operator.head();
    app.viewer.page(&super::own::policy(app, POLICY), &head, &ask.headers)
}

/// `/embed`
pub async fn embed(State(app): Shared, ask: RequestContext) -> Response {
    let policy = super::own::policy(&app, EMBED_POLICY);
    app.viewer.page(&policy, &app.about.operator.head(), &ask.headers)
}

/// `/conformance`
pub async fn conformance(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::PLAIN)?;
    let value = json!({"conformsTo": CONFORMANCE});
    Ok(
        match negotiate::format(&query, &ask.headers, &[Format::Json, Format::Html]) {
            Format::Html => html::json(&app, &value, &ask, ask.language(&query)).send(&ask.headers),
            _ => Answer::json(&value).send(&ask.headers),
        },
    )
}

/// `/api`
pub async fn api(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::PLAIN)?;
    if negotiate::format(&query, &ask.headers, &[Format::Json, Format::Html]) == Format::Html {
        return Ok(html::api(&app, &ask, ask.language(&query)).send(&ask.headers));
    }
    let value = openapi::document(&app, &ask.base(&app.settings));
    Ok(Answer::json_as(media::OPENAPI, &value).send(&ask.headers))
}

/// `/api.html`
pub async fn api_page(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(&[&p::LANG])?;
    Ok(html::api(&app, &ask, ask.language(&query)).send(&ask.headers))
}

/// `/attribution`: the sources of the map, and of each layer.
pub async fn attribution(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::PLAIN_JSON)?;
    let language = ask.language(&query);
    let snapshot = app.snapshot();
    let layers = snapshot.default_view().layers();
    let each = layers.iter().map(|tiles| {
        let layer = tiles.layer();
        json!({"id": layer.id, "title": layer.title.best(language), "attribution": layer.attribution})
    });
    let all = layers.iter().map(|tiles| tiles.layer().attribution.as_str());
    let value = json!({
        "short": app.about.attribution,
        "text": sentences_once(all),
        "sources": app.about.sources,
        "layers": each.collect::<Vec<_>>(),
        "disclaimer": app.about.disclaimer,
    });
    Ok(Answer::json(&value).send(&ask.headers))
}

/// `/worldviews`
pub async fn worldviews(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    ask.query(o::PLAIN_JSON)?;
    let snapshot = app.snapshot();
    let default = snapshot.default_view();
    let each = snapshot.views().iter().map(|view| {
        let departures = app.about.departures.iter();
        let own = departures.filter(|departure| departure.worldview.word() == view.worldview.id);
        let own = own.map(|departure| {
            json!({
                "kind": departure.kind, "subject": departure.subject,
                "value": departure.value, "source": departure.source,
            })
        });
        json!({
            "id": view.worldview.id,
            "title": view.worldview.title,
            "convention": view.worldview.convention,
            "default": std::ptr::eq(view, default),
            "source": view.worldview.source,
            "departures": own.collect::<Vec<_>>(),
        })
    });
    let value: Value = json!({"worldviews": each.collect::<Vec<_>>(), "disclaimer": app.about.disclaimer});
    Ok(Answer::json(&value).send(&ask.headers))
}

/// `/licenses`
pub async fn licenses(ask: RequestContext) -> Result<Response, Problem> {
    ask.query(o::NONE)?;
    Ok(Answer::new(media::TEXT, crate::notices::text().as_bytes().to_vec()).send(&ask.headers))
}
