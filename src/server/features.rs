//! OGC API – Features: collections, pages of features, single features, queryables, schemas.

use super::{
    access,
    archive::{self, Archive},
    atom,
    collections::{self, add_convention},
    counting,
    crs::Crs,
    deletion,
    description_cache::DescriptionKey,
    geojson::{Writer, write_text},
    html,
    links::{escaped, link},
    negotiate::{self, Encoding, Format},
    operations as o,
    page_cursor::{self, Position},
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Segments, Shared, carried, is_ruled, layer_of, view_of, with},
    respond::{Answer, hash, media},
    selection::{Matched, SelectedPage, Selection, chosen_fields, field_or_id},
    state::App,
    words,
    work::{self, Task, WorkKind},
};
use crate::layers::{GeometryKind, Layer};
use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// `/collections`
pub async fn all(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::VIEWED)?;
    let language = ask.language(&query);
    let key = DescriptionKey::new(&app, &ask, language);
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    if negotiate::format(&query, &ask.headers, &[Format::Json, Format::Html]) == Format::Html {
        return Ok(html::collections(&app, view, &ask, &query, language).send(&ask.headers));
    }
    let body = app.descriptions.written(key, || {
        collections::collections(view, &app.about, &ask.base(&app.settings), &query, language).to_string()
    });
    Ok(Answer::new(media::JSON, body).send(&ask.headers))
}

/// `/collections/{collectionId}`
pub async fn one(State(app): Shared, Segments(id): Segments<String>, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::VIEWED)?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    let layer = layer_of(view, &id)?.layer();
    let language = ask.language(&query);
    if negotiate::format(&query, &ask.headers, &[Format::Json, Format::Html]) == Format::Html {
        return Ok(html::collection(&app, view, layer, &ask, &query, language).send(&ask.headers));
    }
    let mut value = collections::collection(layer, &ask.base(&app.settings), &query, language);
    collections::add_edition(&mut value, layer, app.about.edition.as_deref());
    add_convention(&mut value, view, &app.about, language);
    Ok(Answer::json(&value).send(&ask.headers))
}

/// `/collections/{collectionId}/queryables`
pub async fn queryables(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    schema_part(&app, &id, &ask, "queryables")
}

/// `/collections/{collectionId}/schema`
pub async fn schema(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    schema_part(&app, &id, &ask, "schema")
}

fn schema_part(app: &App, id: &str, ask: &RequestContext, part: &str) -> Result<Response, Problem> {
    let query = ask.query(o::VIEWED)?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    let layer = layer_of(view, id)?.layer();
    let language = ask.language(&query);
    let value = collections::schema(layer, &ask.base(&app.settings), part, language);
    Ok(
        match negotiate::format(&query, &ask.headers, &[Format::Json, Format::Html]) {
            Format::Html => html::schema(app, layer, part, &value, ask, language).send(&ask.headers),
            _ => Answer::json_as(media::SCHEMA, &value).send(&ask.headers),
        },
    )
}

/// `/collections/{collectionId}/items`
pub async fn items(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let task = page_task(&app, &id, &ask)?;
    archive::blocking(&app, task, move |app| page_of(app, &id, &ask)).await
}

/// The thread pool that makes a page, and a cost estimate that needs no look at the features.
fn page_task(app: &App, id: &str, ask: &RequestContext) -> Result<Task, Problem> {
    /// Cost of a feature without its geometry: written as JSON and compressed, in microseconds.
    const FEATURE: u64 = 3;
    /// Cost of a feature as a row of an HTML page.
    const ROW: u64 = 20;
    let snapshot = app.snapshot();
    let layer = layer_of(snapshot.default_view(), id)?.layer();
    let query = Query::read_with_fields(ask.uri.query(), o::ITEMS, |name| field_or_id(layer, name))?;
    let format = format_of(&query, ask, id)?;
    let page = Page::read(&query, format);
    let each = if format == Format::GeoJson { FEATURE } else { ROW };
    let stored = archive::behind(app, layer).is_some();
    let narrowing = [&p::FILTER, &p::BBOX, &p::DATETIME, &p::SORTBY];
    let is_feed = format == Format::Atom;
    let plain = !is_feed && query.fields.is_empty() && narrowing.iter().all(|one| query.text(one).is_none());
    if plain && !stored {
        // Few points of a page that is found without a search are made in less time than a change of threads takes.
        let shapes = match layer.geometry {
            GeometryKind::Point | GeometryKind::None => 0,
            _ => 5_000,
        };
        let is_packed = format != Format::GeoJson || Encoding::accepted(&ask.headers) != Encoding::Identity;
        let limit = page.limit as u64;
        // Two features a microsecond, where they are not compressed.
        let rows = if is_packed { limit * each } else { limit / 2 };
        return Ok(WorkKind::Query.costing(30 + rows + shapes));
    }
    let rows = layer.len() as u64;
    let kind = if stored { WorkKind::Archive } else { WorkKind::Query };
    let sorted = query
        .text(&p::SORTBY)
        .or_else(|| atom::order_of(id).filter(|_| is_feed))
        .is_some_and(|order| !archive::is_indexed(id, order));
    let cost = match (stored, plain, sorted) {
        (false, ..) => 200 + rows / 10 + page.limit as u64 * each,
        (true, true, _) => 5_000 + page.limit as u64 * 20,
        (true, _, false) => 30_000,
        // The whole store is read.
        (true, _, true) => 1_000_000,
    };
    Ok(kind.costing(cost))
}

/// True if the features of a layer are in the store or in a table.
fn is_archived(app: &App, id: &str) -> Result<bool, Problem> {
    let snapshot = app.snapshot();
    let layer = layer_of(snapshot.default_view(), id)?.layer();
    Ok(archive::behind(app, layer).is_some())
}

/// The format of a page of features.
///
/// # Errors
/// 400 for a feed of a layer that has none, or in an order of its own.
fn format_of(query: &Query<'_>, ask: &RequestContext, layer: &str) -> Result<Format, Problem> {
    let is_asked = query.text(&p::F) == Some("atom");
    if atom::order_of(layer).is_none() {
        return match is_asked {
            true => Err(atom::no_feed(layer)),
            false => Ok(negotiate::format(query, &ask.headers, &[Format::GeoJson, Format::Html])),
        };
    }
    let format = negotiate::format(query, &ask.headers, &[Format::GeoJson, Format::Html, Format::Atom]);
    if format == Format::Atom && query.text(&p::SORTBY).is_some() {
        return Err(Problem::parameter(
            p::SORTBY.name,
            "a feed has the newest features first; leave sortby out",
        ));
    }
    Ok(format)
}

fn page_of(app: &App, id: &str, ask: &RequestContext) -> Result<Response, Problem> {
    let snapshot = app.snapshot();
    // Which parameters are fields depends on the layer, which depends on the worldview: fields are the same in each.
    let any = layer_of(snapshot.default_view(), id)?.layer();
    let query = Query::read_with_fields(ask.uri.query(), o::ITEMS, |name| field_or_id(any, name))?;
    let view = view_of(&snapshot, &query)?;
    let tiles = layer_of(view, id)?;
    let whole = tiles.layer();
    let language = ask.language(&query);
    let offered = Crs::offered(whole.bounds());
    let crs = Crs::asked(&query, &p::CRS, &Crs::of_layer(whole))?;
    let mut selection = Selection::read(&query, whole, &offered, language)?;
    let format = format_of(&query, ask, id)?;
    if format == Format::Atom
        && let Some(newest) = atom::order_of(id).and_then(|field| whole.field(field))
    {
        selection.newest_first(newest);
    }
    let fields = chosen_fields(&query, whole)?;
    let mut page = Page::read(&query, format);
    let whole = &counting::layer_for(app, &snapshot, &view.worldview.id, tiles, &selection, is_ruled(&query))?;
    let whole = whole.layer();
    let revision = archive::revision(app, whole);
    let archive = archive::behind(app, whole).map(|library| Archive {
        library,
        layer: whole,
        ruled: is_ruled(&query),
        memory: &app.work.memory,
        together: archive::TOGETHER,
    });
    let shows_texts = access::is_shown_texts(app, ask.visitor.as_deref());
    let worded = words::narrow(app, archive.as_ref(), whole, &query, shows_texts, &mut selection)?;
    let read;
    let (layer, mut found) = match (archive, &worded) {
        (_, Some(worded)) => {
            let matched = selection.select(worded)?;
            page.offset = after_feature(&query, worded, &matched).unwrap_or(page.offset);
            (worded, SelectedPage::on_page(&matched, page.offset, page.limit))
        }
        (None, None) => {
            check_cost(app, &selection, whole, &query)?;
            let matched = selection.select(whole)?;
            page.offset = after_feature(&query, whole, &matched).unwrap_or(page.offset);
            (&**whole, SelectedPage::on_page(&matched, page.offset, page.limit))
        }
        (Some(archive), None) => {
            let from = query
                .text(&p::PAGE_CURSOR)
                .filter(|text| page_cursor::read_feature(text).is_none())
                .map(|text| Position::read(text).ok_or_else(|| p::PAGE_CURSOR.wrong(text)));
            let from = from.transpose()?;
            read = archive.page_from(&selection, from.as_ref(), page.offset, page.limit)?;
            (&read.0, read.1)
        }
    };
    match format {
        Format::Html => {
            return Ok(html::items(app, view, layer, ask, &query, &found, page, language).send_from(app, &ask.headers));
        }
        Format::Atom => {
            let [next, previous] = neighbours(ask, page, layer, &found, &["f"]);
            let page = atom::FeaturePage {
                layer,
                indexes: &found.indexes,
                next,
                previous,
                language,
            };
            return atom::features(app, ask, page);
        }
        _ => {}
    }
    let dated;
    let layer = match fields.as_deref().and_then(|fields| counting::days_field(layer, fields)) {
        None => layer,
        Some(_) => {
            dated = counting::with_days(app, &snapshot, layer, &found, &selection, is_ruled(&query))?;
            found.indexes = (0..dated.len() as u32).collect();
            &dated
        }
    };
    let writer = Writer::new(layer, language, crs, fields.as_deref());
    let budget = work::budget();
    let mut body = Vec::with_capacity(64 * 1024);
    body.extend_from_slice(br#"{"type":"FeatureCollection","features":["#);
    for (nth, &index) in found.indexes.iter().enumerate() {
        if nth > 0 {
            body.push(b',');
        }
        if budget.is_spent() {
            break;
        }
        writer.feature(&mut body, layer.at(index), "");
    }
    budget.check()?;
    body.push(b']');
    let mut members = json!({
        "numberMatched": found.total,
        "numberReturned": found.indexes.len(),
        "timeStamp": Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "links": page_links(app, ask, layer, page, &found),
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
        .send_from(app, &ask.headers))
}

/// `/collections/{collectionId}/items/{featureId}`
pub async fn item(
    State(app): Shared,
    Segments((id, feature_id)): Segments<(String, String)>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let is_of_documents = app.library().is_some_and(|library| library.is_of_documents(&id));
    let document = feature_id.split('-').next().unwrap_or_default().to_owned();
    let kind = match is_archived(&app, &id)? {
        true => WorkKind::Archive,
        false => WorkKind::Query,
    };
    let found = archive::blocking(&app, kind.costing(2_000), move |app| {
        item_of(app, &id, &feature_id, &ask)
    })
    .await;
    match found {
        // Of a document that was deleted?
        Err(problem) if is_of_documents && problem.status == StatusCode::NOT_FOUND => {
            Err(deletion::gone_or(&app, document, problem).await)
        }
        found => found,
    }
}

fn item_of(app: &App, id: &str, feature_id: &str, ask: &RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::ITEM)?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    let whole = layer_of(view, id)?.layer();
    let read;
    let layer = match archive::behind(app, whole).filter(|_| whole.get(feature_id).is_none()) {
        None => &**whole,
        Some(library) => {
            let archive = Archive {
                library,
                layer: whole,
                ruled: is_ruled(&query),
                memory: &app.work.memory,
                together: archive::TOGETHER,
            };
            read = archive.one(feature_id)?;
            read.as_ref().unwrap_or(whole)
        }
    };
    let feature = layer
        .get(feature_id)
        .ok_or_else(|| Problem::not_found(format!("layer {id} has no feature {:?}", echo(feature_id))))?;
    let language = ask.language(&query);
    let crs = Crs::asked(&query, &p::CRS, &Crs::of_layer(layer))?;
    if negotiate::format(&query, &ask.headers, &[Format::GeoJson, Format::Html]) == Format::Html {
        return Ok(html::item(app, view, feature, layer, ask, &query, language).send(&ask.headers));
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

/// Refuses a filter or an order that cannot be done in time over a layer in memory.
///
/// # Errors
/// 400 with the limit.
pub fn check_cost(app: &App, selection: &Selection, layer: &Layer, query: &Query<'_>) -> Result<(), Problem> {
    // The estimate is low, so that half of the limit is as long as the work may take.
    let most = app.work.share(WorkKind::Query).max_cost / 2;
    if selection.cost(layer.len()) <= most {
        return Ok(());
    }
    let parameter = match query.text(&p::FILTER) {
        Some(_) => p::FILTER.name,
        None => p::SORTBY.name,
    };
    Err(Problem::parameter(
        parameter,
        format!(
            "{parameter}: testing the {} features of {} would take longer than the {} seconds that are accepted; use              fewer operators and shorter geometries",
            layer.len(),
            layer.id,
            most as f64 / 1e6
        ),
    ))
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
    /// Number of features before the page.
    pub offset: usize,
    /// Greatest number of features on the page.
    pub limit: usize,
}

impl Page {
    fn read(query: &Query<'_>, format: Format) -> Self {
        let number = |parameter| query.integer(parameter).and_then(|number| usize::try_from(number).ok());
        Self {
            offset: number(&p::OFFSET).unwrap_or(0),
            limit: match query.text(&p::LIMIT) {
                None if format == Format::Atom => atom::PAGE,
                _ => number(&p::LIMIT).unwrap_or(10),
            },
        }
    }
}

/// Links to this page, its neighbours and its other form; every parameter of the request stays as it is.
fn page_links(app: &App, ask: &RequestContext, layer: &Layer, page: Page, found: &SelectedPage) -> Vec<Value> {
    let id = layer.id.as_str();
    let here = format!("{}/collections/{id}", ask.base(&app.settings));
    let address = |without: &[&str], more: &str| format!("{here}/items?{}", kept(ask.uri.query(), without, more));
    let mut links = vec![
        link(address(&["f"], "f=json"), "self", media::GEOJSON, "This page"),
        link(address(&["f"], "f=html"), "alternate", "text/html", "This page to read"),
        link(here.clone(), "collection", media::JSON, "Their collection"),
    ];
    let [next, previous] = neighbours(ask, page, layer, found, &[]);
    let page_at = |query: String| format!("{here}/items?{query}");
    if let Some(next) = next {
        links.push(link(page_at(next), "next", media::GEOJSON, "Next page"));
    }
    if let Some(previous) = previous {
        links.push(link(page_at(previous), "prev", media::GEOJSON, "Previous page"));
    }
    if atom::order_of(id).is_some() {
        let feed = address(&["f", "offset", "cursor", "sortby"], "f=atom");
        links.push(link(
            feed,
            "alternate",
            media::ATOM,
            "These features as a feed, newest first",
        ));
    }
    links
}

/// Where the page begins that follows the feature of a cursor; `None` without one, or if the feature is not there any more.
fn after_feature(query: &Query<'_>, layer: &Layer, matched: &Matched) -> Option<usize> {
    let id = page_cursor::read_feature(query.text(&p::PAGE_CURSOR)?)?;
    matched.count_to(layer.get(&id)?.index())
}

/// The queries of the next page and of the page before, without some parameters.
fn neighbours(
    ask: &RequestContext,
    page: Page,
    layer: &Layer,
    found: &SelectedPage,
    without: &[&str],
) -> [Option<String>; 2] {
    let without: Vec<&str> = without.iter().copied().chain(["offset", "cursor"]).collect();
    let address = |more: &str| kept(ask.uri.query(), &without, more);
    let at = |offset: usize| address(&format!("offset={offset}"));
    let returned = found.indexes.len();
    let next = (found.more && returned > 0).then(|| match (&found.end, found.indexes.last()) {
        (Some(end), _) => address(&format!("cursor={}", end.write())),
        // Documents come and go between two pages.
        (None, Some(&last)) if layer.of_documents && found.total.is_some() => {
            let cursor = page_cursor::write_feature(layer.at(last).id());
            address(&format!("offset={}&cursor={cursor}", page.offset + returned))
        }
        _ => at(page.offset + returned),
    });
    let previous = (page.offset > 0).then(|| {
        let end = found.total.unwrap_or(usize::MAX);
        at(page.offset.min(end).saturating_sub(page.limit))
    });
    [next, previous]
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
