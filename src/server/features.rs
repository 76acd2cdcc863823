//! OGC API – Features: collections, pages of features, single features, queryables, schemas.

use super::{
    archive::{self, Archive},
    ask::{Ask, Segments, Shared, carried, is_ruled, layer_of, view_of, with},
    collections::{self, add_convention},
    crs::Crs,
    geojson::{Writer, write_text},
    html,
    links::{escaped, link},
    negotiate::{self, Format},
    operations as o,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    respond::{Answer, hash, media},
    selection::{Found, Selection, chosen_fields},
    state::App,
};
use axum::{
    extract::State,
    http::{HeaderName, HeaderValue},
    response::Response,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// `/collections`
pub async fn all(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::VIEWED)?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    let language = ask.language(&query);
    let value = collections::collections(view, &app.about, &ask.base(&app.settings), &query, language);
    Ok(
        match negotiate::format(&query, &ask.headers, &[Format::Json, Format::Html]) {
            Format::Html => html::collections(&app, view, &query, language).send(&ask.headers),
            _ => Answer::json(&value).send(&ask.headers),
        },
    )
}

/// `/collections/{collectionId}`
pub async fn one(State(app): Shared, Segments(id): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::VIEWED)?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    let layer = layer_of(view, &id)?.layer();
    let language = ask.language(&query);
    if negotiate::format(&query, &ask.headers, &[Format::Json, Format::Html]) == Format::Html {
        return Ok(html::collection(&app, view, layer, &query, language).send(&ask.headers));
    }
    let mut value = collections::collection(layer, &ask.base(&app.settings), &query, language);
    add_convention(&mut value, view, &app.about, language);
    Ok(Answer::json(&value).send(&ask.headers))
}

/// `/collections/{collectionId}/queryables`
pub async fn queryables(State(app): Shared, Segments(id): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    schema_part(&app, &id, &ask, "queryables")
}

/// `/collections/{collectionId}/schema`
pub async fn schema(State(app): Shared, Segments(id): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    schema_part(&app, &id, &ask, "schema")
}

fn schema_part(app: &App, id: &str, ask: &Ask, part: &str) -> Result<Response, Problem> {
    let query = ask.query(o::VIEWED)?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    let layer = layer_of(view, id)?.layer();
    let language = ask.language(&query);
    let value = collections::schema(layer, &ask.base(&app.settings), part, language);
    Ok(
        match negotiate::format(&query, &ask.headers, &[Format::Json, Format::Html]) {
            Format::Html => html::schema(app, layer, part, &value, language).send(&ask.headers),
            _ => Answer::json_as(media::SCHEMA, &value).send(&ask.headers),
        },
    )
}

/// `/collections/{collectionId}/items`
pub async fn items(State(app): Shared, Segments(id): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    if is_archived(&app, &id)? {
        return archive::blocking(&app, move |app| page_of(app, &id, &ask)).await;
    }
    page_of(&app, &id, &ask)
}

/// Whether answers about a layer need the store.
fn is_archived(app: &App, id: &str) -> Result<bool, Problem> {
    let snapshot = app.snapshot();
    let layer = layer_of(snapshot.default_view(), id)?.layer();
    Ok(archive::behind(app, layer).is_some())
}

fn page_of(app: &App, id: &str, ask: &Ask) -> Result<Response, Problem> {
    let snapshot = app.snapshot();
    // Which parameters are fields depends on the layer, which depends on the worldview: fields are the same in each.
    let any = layer_of(snapshot.default_view(), id)?.layer();
    let query = Query::read_with_fields(ask.uri.query(), o::ITEMS, |name| any.field(name))?;
    let view = view_of(&snapshot, &query)?;
    let whole = layer_of(view, id)?.layer();
    let language = ask.language(&query);
    let offered = Crs::offered(whole.bounds());
    let crs = Crs::asked(&query, &p::CRS, &offered)?;
    let selection = Selection::read(&query, whole, &offered, language)?;
    let fields = chosen_fields(&query, whole)?;
    let page = Page::read(&query);
    let revision = archive::revision(app, whole);
    let read;
    let (layer, found) = match archive::behind(app, whole) {
        None => {
            let matched = selection.select(whole);
            (&**whole, Found::on_page(&matched, page.offset, page.limit))
        }
        Some(library) => {
            let archive = Archive {
                library: &**library,
                layer: whole,
                ruled: is_ruled(&query),
            };
            read = archive.page(&selection, page.offset, page.limit)?;
            (&read.0, read.1)
        }
    };
    if negotiate::format(&query, &ask.headers, &[Format::GeoJson, Format::Html]) == Format::Html {
        return Ok(html::items(app, view, layer, ask, &query, &found, page, language).send(&ask.headers));
    }
    let writer = Writer::new(layer, language, crs, fields.as_deref());
    let mut body = Vec::with_capacity(64 * 1024);
    body.extend_from_slice(br#"{"type":"FeatureCollection","features":["#);
    for (nth, &index) in found.indexes.iter().enumerate() {
        if nth > 0 {
            body.push(b',');
        }
        writer.feature(&mut body, layer.at(index), "");
    }
    body.push(b']');
    let mut members = json!({
        "numberMatched": found.total,
        "numberReturned": found.indexes.len(),
        "timeStamp": Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "links": page_links(app, ask, id, page, &found),
        "attribution": layer.attribution,
    });
    if let (None, Some(members)) = (found.total, members.as_object_mut()) {
        // Counting would mean to read the whole store; the standard lets it be left out.
        members.remove("numberMatched");
    }
    add_convention(&mut members, view, &app.about, language);
    append_members(&mut body, &members);
    // The same address over the same layer is the same answer but for its time; links depend on the host asked.
    let base = ask.base(&app.settings);
    let tag = hash(format!("{base}\n{}", ask.uri).as_bytes()) ^ revision ^ language as u64;
    Ok(Answer::new(media::GEOJSON, body)
        .tagged(tag)
        .header(CONTENT_CRS, content_crs(crs))
        .send(&ask.headers))
}

/// `/collections/{collectionId}/items/{featureId}`
pub async fn item(
    State(app): Shared,
    Segments((id, feature_id)): Segments<(String, String)>,
    ask: Ask,
) -> Result<Response, Problem> {
    if is_archived(&app, &id)? {
        return archive::blocking(&app, move |app| item_of(app, &id, &feature_id, &ask)).await;
    }
    item_of(&app, &id, &feature_id, &ask)
}

fn item_of(app: &App, id: &str, feature_id: &str, ask: &Ask) -> Result<Response, Problem> {
    let query = ask.query(o::ITEM)?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    let whole = layer_of(view, id)?.layer();
    let read;
    let layer = match archive::behind(app, whole).filter(|_| whole.get(feature_id).is_none()) {
        None => &**whole,
        Some(library) => {
            let archive = Archive {
                library: &**library,
                layer: whole,
                ruled: is_ruled(&query),
            };
            read = archive.one(feature_id)?;
            read.as_ref().unwrap_or(whole)
        }
    };
    let feature = layer
        .get(feature_id)
        .ok_or_else(|| Problem::not_found(format!("layer {id} has no feature {:?}", echo(feature_id))))?;
    let language = ask.language(&query);
    let crs = Crs::asked(&query, &p::CRS, &Crs::offered(layer.bounds()))?;
    if negotiate::format(&query, &ask.headers, &[Format::GeoJson, Format::Html]) == Format::Html {
        return Ok(html::item(app, view, feature, layer, &query, language).send(&ask.headers));
    }
    let base = ask.base(&app.settings);
    let suffix = carried(&query);
    let here = format!("{base}/collections/{id}/items/{}", escaped(feature_id));
    let mut members = json!({"links": [
        link(format!("{here}{}", with(&suffix, "f=json")), "self", media::GEOJSON, "This feature"),
        link(format!("{here}{}", with(&suffix, "f=html")), "alternate", "text/html", "This feature as a page"),
        link(format!("{base}/collections/{id}{}", with(&suffix, "f=json")), "collection", media::JSON, "Its collection"),
    ], "attribution": layer.attribution});
    add_convention(&mut members, view, &app.about, language);
    let members = members.to_string();
    let inner = format!(",{}", &members[1..members.len() - 1]);
    let mut body = Vec::new();
    let fields = chosen_fields(&query, layer)?;
    Writer::new(layer, language, crs, fields.as_deref()).feature(&mut body, feature, &inner);
    Ok(Answer::new(media::GEOJSON, body)
        .header(CONTENT_CRS, content_crs(crs))
        .send(&ask.headers))
}

const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

fn content_crs(crs: Crs) -> HeaderValue {
    HeaderValue::try_from(format!("<{}>", crs.uri())).unwrap_or(HeaderValue::from_static(""))
}

/// Ends an object that is open in `body` with the members of another.
pub fn append_members(body: &mut Vec<u8>, members: &Value) {
    let Value::Object(members) = members else { return };
    for (name, value) in members {
        body.push(b',');
        write_text(body, name);
        body.push(b':');
        // Writing to memory does not fail.
        let _ = serde_json::to_writer(&mut *body, value);
    }
    body.push(b'}');
}

/// One page of features.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// How many are left out before it.
    pub offset: usize,
    /// How many it has at most.
    pub limit: usize,
}

impl Page {
    fn read(query: &Query<'_>) -> Self {
        let number = |parameter| query.integer(parameter).and_then(|number| usize::try_from(number).ok());
        Self {
            offset: number(&p::OFFSET).unwrap_or(0),
            limit: number(&p::LIMIT).unwrap_or(10),
        }
    }
}

/// Links to this page, its neighbours and its other form; every parameter of the request stays as it is.
fn page_links(app: &App, ask: &Ask, id: &str, page: Page, found: &Found) -> Vec<Value> {
    let here = format!("{}/collections/{id}", ask.base(&app.settings));
    let address = |without: &[&str], more: &str| format!("{here}/items?{}", kept(ask.uri.query(), without, more));
    let at = |offset: usize| address(&["offset"], &format!("offset={offset}"));
    let mut links = vec![
        link(address(&["f"], "f=json"), "self", media::GEOJSON, "This page"),
        link(address(&["f"], "f=html"), "alternate", "text/html", "This page to read"),
        link(here.clone(), "collection", media::JSON, "Their collection"),
    ];
    let returned = found.indexes.len();
    if found.more && returned > 0 {
        links.push(link(at(page.offset + returned), "next", media::GEOJSON, "Next page"));
    }
    if page.offset > 0 {
        let end = found.total.unwrap_or(usize::MAX);
        let before = page.offset.min(end).saturating_sub(page.limit);
        links.push(link(at(before), "prev", media::GEOJSON, "Previous page"));
    }
    links
}

/// The query without some parameters and with others, the rest byte for byte.
pub fn kept(raw: Option<&str>, without: &[&str], more: &str) -> String {
    let pairs = raw.unwrap_or_default().split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !pair.is_empty() && !without.contains(&name)
    });
    let mut kept: Vec<&str> = pairs.collect();
    kept.push(more);
    kept.join("&")
}
