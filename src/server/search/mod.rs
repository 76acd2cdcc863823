//! Search for places in the shape of Nominatim's API, so that its clients work.

mod answer;
mod coordinates;
mod shape;
mod subject;
mod xml;

pub use answer::display_name;

use super::{
    jsonp, operations as o,
    parameter::{Parameter, Query},
    parameters as p,
    problem::Problem,
    request_context::{RequestContext, Shared, view_of},
    respond::{Answer, media},
    services::{PlaceMatch, SearchQuery},
    state::App,
};
use crate::{gazetteer::Level, language::Language, layers::Bounds};
use answer::{Answering, Operation};
use axum::{extract::State, response::Response};
use ecow::EcoString;
use serde_json::json;
use subject::{SearchSubject, country_of, levels_of, viewbox};

/// The greatest number of ids in one look-up.
const MAX_IDS: usize = 50;
/// Number of candidates that are ranked when some of them may be left out.
const MAX_CANDIDATES: usize = 200;
/// Added to the importance of a place in a preferred box.
const VIEWBOX_BONUS: f64 = 0.1;

/// Reads the query. Clients of Nominatim, which name a `format` of its own or an address of its older servers, add
/// parameters that only some servers know: these change nothing, as there.
fn read<'q>(ask: &'q RequestContext, table: &[&'static Parameter]) -> Result<Query<'q>, Problem> {
    let names_format = |query: &str| query.split('&').any(|pair| pair.starts_with("format="));
    match ask.uri.path().ends_with(".php") || ask.uri.query().is_some_and(names_format) {
        true => ask.known_query(table),
        false => ask.query(table),
    }
}

/// GET `/search`
pub async fn search(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = read(&ask, o::SEARCH)?;
    let answering = answering(&app, &ask, &query, Operation::Search)?;
    let asked = SearchSubject::read(&query)?;
    let viewbox = query.text(&p::VIEWBOX).map(viewbox).transpose()?;
    let bounded = query.flag(&p::BOUNDED);
    if bounded && viewbox.is_none() {
        return Err(Problem::parameter(p::BOUNDED.name, "bounded=1 needs viewbox"));
    }
    let Some(levels) = levels_of(&query)? else {
        // A theme of which the gazetteer has nothing.
        return answering.send(Vec::new());
    };
    let limit = query.integer(&p::SEARCH_LIMIT).unwrap_or(10) as usize;
    let narrowed = [&p::COUNTRYCODES, &p::EXCLUDE_PLACE_IDS, &p::VIEWBOX];
    let narrowed = asked.has_parts() || narrowed.iter().any(|parameter| query.text(parameter).is_some());
    let mut found = asked.search(&app, |text, own| {
        let levels: Vec<Level> = match (levels.as_slice(), own) {
            ([], own) => own.to_vec(),
            (levels, []) => levels.to_vec(),
            (levels, own) => own.iter().copied().filter(|level| levels.contains(level)).collect(),
        };
        if levels.is_empty() && !own.is_empty() {
            return Vec::new();
        }
        app.services.places.search(&SearchQuery {
            text,
            language: answering.language,
            limit: if narrowed { MAX_CANDIDATES } else { limit },
            viewbox,
            bounded,
            levels: &levels,
        })
    });
    if let Some(codes) = query.list(&p::COUNTRYCODES) {
        let codes: Vec<String> = codes.map(str::to_uppercase).collect();
        found.retain(|found| country_of(found).is_none_or(|country| codes.contains(&country)));
    }
    if let Some(ids) = query.list(&p::EXCLUDE_PLACE_IDS) {
        let ids: Vec<&str> = ids.collect();
        found.retain(|found| !ids.contains(&found.place.id.as_str()));
    }
    if let Some(Bounds([west, south, east, north])) = viewbox {
        let preferred = |found: &PlaceMatch| {
            let [lon, lat] = found.place.point;
            let inside = (west..=east).contains(&lon) && (south..=north).contains(&lat);
            found.importance + if inside { VIEWBOX_BONUS } else { 0.0 }
        };
        found.sort_by(|a, b| preferred(b).total_cmp(&preferred(a)));
    }
    found.truncate(limit);
    answering.send(found)
}

/// GET `/reverse`
pub async fn reverse(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = read(&ask, o::REVERSE)?;
    let answering = answering(&app, &ask, &query, Operation::Reverse)?;
    let (lon, lat) = position(&query);
    let finest = match query.integer(&p::ZOOM).unwrap_or(18) {
        0..=4 => Level::Country,
        5..=7 => Level::Governorate,
        8..=9 => Level::District,
        10..=11 => Level::Subdistrict,
        _ => Level::Settlement,
    };
    // A position has an address and nothing else.
    let is_address = levels_of(&query)?.is_some_and(|levels| levels.is_empty() || levels.contains(&finest));
    let found = app.services.places.reverse(lon, lat, finest).filter(|_| is_address);
    answering.send(found.into_iter().collect())
}

/// GET `/lookup`
pub async fn lookup(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = read(&ask, o::LOOKUP)?;
    let answering = answering(&app, &ask, &query, Operation::Lookup)?;
    let ids: Vec<&str> = query.list(&p::OSM_IDS).into_iter().flatten().collect();
    if ids.len() > MAX_IDS {
        return Err(Problem::parameter(
            p::OSM_IDS.name,
            format!("osm_ids takes at most {MAX_IDS} ids, not {}", ids.len()),
        ));
    }
    let mut found = app.services.places.lookup(&ids);
    // Ids that name the same place give it once.
    let mut seen: Vec<EcoString> = Vec::new();
    found.retain(|found| {
        let is_new = !seen.contains(&found.place.id);
        seen.push(found.place.id.clone());
        is_new
    });
    answering.send(found)
}

/// GET `/status`
pub async fn status(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::STATUS)?;
    if query.text(&p::STATUS_FORMAT) == Some("json") {
        let version = env!("CARGO_PKG_VERSION");
        let places = app.services.places.all().len();
        let value =
            json!({"status": 0, "message": "OK", "software_version": format!("mahwar {version}"), "places": places});
        return Ok(Answer::json(&value).send(&ask.headers));
    }
    Ok(Answer::new(media::TEXT, b"OK".to_vec()).send(&ask.headers))
}

fn answering<'a, 'q>(
    app: &'a App,
    ask: &'a RequestContext,
    query: &'a Query<'q>,
    operation: Operation,
) -> Result<Answering<'a, 'q>, Problem> {
    let snapshot = app.snapshot();
    let worldview = query.text(&p::WORLDVIEW);
    if worldview.is_some() {
        view_of(&snapshot, query)?;
    }
    Ok(Answering {
        app,
        ask,
        query,
        operation,
        language: language_of(query, ask)?,
        worldview,
        shape: shape::PolygonOptions::read(query)?,
        callback: jsonp::callback(query, &p::JSON_CALLBACK),
    })
}

/// The position that `lon` and `lat` give; both are required parameters.
pub fn position(query: &Query<'_>) -> (f64, f64) {
    (
        query.number(&p::LON).unwrap_or_default(),
        query.number(&p::LAT).unwrap_or_default(),
    )
}

fn language_of(query: &Query<'_>, ask: &RequestContext) -> Result<Language, Problem> {
    if query.text(&p::LANG).is_none()
        && let Some(list) = query.text(&p::ACCEPT_LANGUAGE)
    {
        let mut headers = axum::http::HeaderMap::new();
        let value = list.parse().map_err(|_| p::ACCEPT_LANGUAGE.wrong(list))?;
        headers.insert(axum::http::header::ACCEPT_LANGUAGE, value);
        return Ok(super::negotiate::accepted_language(&headers));
    }
    Ok(ask.language(query))
}
