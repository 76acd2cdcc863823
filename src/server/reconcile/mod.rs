//! The Reconciliation Service API 0.2 (W3C Entity Reconciliation Community Group), as OpenRefine speaks it:
//! a column of names is matched with the gazetteer, and columns of known properties are fetched.

mod batch;
mod extend;
mod preview;
mod property;
mod suggest;

pub use preview::{flyout, preview};
pub use suggest::{propose, suggest};

use super::{
    archive, body, jsonp, operations as o,
    parameter::decode,
    parameters as p,
    problem::Problem,
    request_context::{RequestContext, Shared},
    search::display_name,
    services::PlaceMatch,
    state::App,
    work::WorkKind,
};
use crate::{gazetteer::Level, language::Language};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    response::Response,
};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The greatest body of a request, in bytes.
const MAX_BODY: usize = 1024 * 1024;
/// The greatest number of queries in one batch.
const BATCH: usize = 50;
/// The greatest number of places whose values are fetched at a time.
const ROWS: usize = 1000;
/// The greatest number of properties of one query, or that are fetched at a time.
const PROPERTIES: usize = 20;
/// The greatest number of values of one property of a query.
const VALUES: usize = 50;
/// The greatest number of values of all properties of a batch: each may be a search.
const BATCH_VALUES: usize = 500;

/// GET `/reconcile`: the manifest, or the answer to `queries` or `extend`.
pub async fn get(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.lenient_query(o::RECONCILE)?;
    let language = ask.language(&query);
    let callback = jsonp::callback(&query, &p::CALLBACK);
    let asked = [&p::QUERIES, &p::EXTEND].map(|parameter| query.text(parameter).map(str::to_owned));
    if asked.iter().all(Option::is_none) {
        drop(query);
        let describe = move |app: &App| {
            let manifest = manifest(app, &ask.base(&app.settings), language);
            Ok(jsonp::answer(&manifest, callback.as_deref()).send(&ask.headers))
        };
        return archive::blocking(&app, WorkKind::Query.costing(500), describe).await;
    }
    answer(app, asked, language, callback, ask.headers.clone()).await
}

/// POST `/reconcile`: `queries` or `extend` as a form.
pub async fn post(State(app): Shared, ask: RequestContext, request: Request) -> Result<Response, Problem> {
    let query = ask.lenient_query(o::RECONCILE_FORM)?;
    let language = ask.language(&query);
    let media = request
        .headers()
        .get(header::CONTENT_TYPE)
        .map(|value| value.as_bytes());
    let form = b"application/x-www-form-urlencoded";
    if !media.is_some_and(|media| media.len() >= form.len() && media[..form.len()].eq_ignore_ascii_case(form)) {
        return Err(Problem::unsupported_media_type("application/x-www-form-urlencoded"));
    }
    let limit = body::text_limit(&app, &ask.headers).min(MAX_BODY);
    let body = body::whole(&ask.headers, request.into_body(), limit).await?;
    let asked = read_form(&body)?;
    if asked.iter().all(Option::is_none) {
        return Err(Problem::parameter(
            p::QUERIES.name,
            "the form has neither queries nor extend: one of them holds what is asked, as JSON",
        ));
    }
    answer(app, asked, language, None, ask.headers.clone()).await
}

/// `queries` and `extend` of a form. Other fields of clients mean nothing here.
fn read_form(body: &[u8]) -> Result<[Option<String>; 2], Problem> {
    let wrong = |name: &str| Problem::parameter(name, "the form is not percent-encoded UTF-8");
    let text = std::str::from_utf8(body).map_err(|_| wrong(p::QUERIES.name))?;
    let mut asked = [None, None];
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        for (parameter, slot) in [&p::QUERIES, &p::EXTEND].into_iter().zip(&mut asked) {
            if name == parameter.name {
                *slot = Some(decode(value).ok_or_else(|| wrong(name))?.into_owned());
            }
        }
    }
    Ok(asked)
}

async fn answer(
    app: Arc<App>,
    asked: [Option<String>; 2],
    language: Language,
    callback: Option<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // About two milliseconds for each search; a short form cannot ask for many.
    let length = asked.iter().flatten().map(String::len).sum::<usize>() as u64;
    let task = WorkKind::Search.costing(1_000 + (length * 20).min(1_000_000));
    archive::blocking(&app, task, move |app| {
        let value = match asked {
            [Some(_), Some(_)] => Err(Problem::parameter(
                p::EXTEND.name,
                "queries and extend are asked one at a time",
            )),
            [Some(queries), None] => batch::answer(app, &queries, language),
            [_, extend] => extend::answer(app, &extend.unwrap_or_default(), language),
        };
        Ok(jsonp::answer(&value?, callback.as_deref()).send_from(app, &headers))
    })
    .await
}

/// A JSON object, not too deep, or a problem that names the parameter. `NaN`, which Python writes for a blank cell, is `null`.
fn object(parameter: &str, text: &str) -> Result<Map<String, Value>, Problem> {
    let parsed = serde_json::from_str(text).or_else(|error| match without_nan(text) {
        Some(mended) => serde_json::from_str(&mended),
        None => Err(error),
    });
    match parsed {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Problem::parameter(parameter, format!("{parameter} is a JSON object"))),
        Err(error) => Err(Problem::parameter(
            parameter,
            format!("{parameter} is no JSON: {error}"),
        )),
    }
}

/// The text with `null` for each `NaN` and `Infinity` outside of strings; [`None`] where there is none.
fn without_nan(text: &str) -> Option<String> {
    const WORDS: [&str; 4] = ["NaN", "-NaN", "-Infinity", "Infinity"];
    let mut mended = String::with_capacity(text.len());
    let mut is_found = false;
    let (mut in_string, mut escaped) = (false, false);
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let word = WORDS.iter().find(|word| !in_string && rest.starts_with(**word));
        if let Some(word) = word {
            mended.push_str("null");
            is_found = true;
            rest = &rest[word.len()..];
            continue;
        }
        match letter {
            '"' if !escaped => in_string = !in_string,
            _ => {}
        }
        escaped = in_string && letter == '\\' && !escaped;
        mended.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    is_found.then_some(mended)
}

fn manifest(app: &App, base: &str, language: Language) -> Value {
    let here = format!("{base}/reconcile");
    let suggest = |kind: &str| {
        json!({
            "service_url": here,
            "service_path": format!("/suggest/{kind}"),
            "flyout_service_url": here,
            "flyout_service_path": format!("/flyout/{kind}?id=${{id}}"),
        })
    };
    json!({
        "versions": ["0.2"],
        "name": app.about.title.best(language),
        "identifierSpace": format!("{base}/collections/places/items/"),
        "schemaSpace": "https://schema.org/Place",
        "documentation": format!("{base}/api.html"),
        "serviceVersion": env!("CARGO_PKG_VERSION"),
        "batchSize": BATCH,
        "defaultTypes": Level::ALL.map(kind),
        "view": {"url": format!("{here}/preview?id={{{{id}}}}")},
        "preview": {"url": format!("{here}/preview?id={{{{id}}}}"), "width": 400, "height": 240},
        "suggest": {"entity": suggest("entity"), "property": suggest("property"), "type": suggest("type")},
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/properties"},
            "property_settings": [],
        },
    })
}

/// A level as a type of the protocol.
fn kind(level: Level) -> Value {
    json!({"id": level.word(), "name": level.word()})
}

/// The name in the asked language, or in another, or the id: the protocol wants one.
fn name_of(found: &PlaceMatch, language: Language) -> String {
    let names = found.place.names.preferred();
    match names.best(language) {
        "" => found.place.id.to_string(),
        name => name.to_owned(),
    }
}

/// Words that distinguish namesakes: the level and the containing units.
fn description(found: &PlaceMatch, language: Language) -> String {
    format!("{} · {}", found.place.level, display_name(found, language))
}
