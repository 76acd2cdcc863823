//! Suggestions while typing: places, types and properties; and the properties to fetch for a type.

use super::{description, kind, name_of, property::Property};
use crate::{
    gazetteer::Level,
    language::Language,
    server::{
        ask::{Ask, Segments, Shared},
        operations as o, parameters as p,
        problem::{Problem, echo},
        respond::Answer,
        services::SearchQuery,
        state::App,
    },
};
use axum::{extract::State, response::Response};
use serde_json::{Value, json};

/// How many suggestions are given at a time.
const PAGE: usize = 10;

/// `/reconcile/suggest/{entity|type|property}`
pub async fn suggest(State(app): Shared, Segments(what): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::SUGGEST)?;
    let language = ask.language(&query);
    let prefix = query.text(&p::PREFIX).unwrap_or_default().trim();
    let skip = query.integer(&p::CURSOR).unwrap_or(0) as usize;
    let result: Vec<Value> = match what.as_str() {
        "entity" => entities(&app, prefix, skip, language),
        "type" => beginning(Level::ALL.into_iter().map(kind), prefix, skip),
        "property" => beginning(Property::ALL.into_iter().map(Property::json), prefix, skip),
        _ => return Err(unknown(&what)),
    };
    Ok(Answer::json(&json!({"result": result})).send(&ask.headers))
}

/// There are three kinds of thing to suggest and to preview.
pub(super) fn unknown(what: &str) -> Problem {
    Problem::not_found(format!(
        "there is no {:?}; there are entity, type and property",
        echo(what)
    ))
}

fn entities(app: &App, prefix: &str, skip: usize, language: Language) -> Vec<Value> {
    let places = &app.services.places;
    let mut found = places.lookup(&[prefix]);
    found.extend(places.search(&SearchQuery {
        text: prefix,
        language,
        limit: skip + PAGE,
        viewbox: None,
        bounded: false,
        levels: &[],
    }));
    let page = found.iter().skip(skip).take(PAGE);
    page.map(|found| {
        json!({
            "id": found.place.id,
            "name": name_of(found, language),
            "description": description(found, language),
            "notable": [kind(found.place.level)],
        })
    })
    .collect()
}

/// Those whose id or name begins with the text, in whichever case.
fn beginning(all: impl Iterator<Item = Value>, prefix: &str, skip: usize) -> Vec<Value> {
    let prefix = prefix.to_lowercase();
    let begins = |value: &Value| {
        let text = value.as_str().unwrap_or_default().to_lowercase();
        text.starts_with(&prefix)
    };
    all.filter(|item| begins(&item["id"]) || begins(&item["name"]))
        .skip(skip)
        .take(PAGE)
        .collect()
}

/// `/reconcile/properties`
pub async fn propose(State(_): Shared, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::PROPOSE)?;
    let level = query.text(&p::PLACE_TYPE).unwrap_or_default();
    if level.parse::<Level>().is_err() {
        return Err(p::PLACE_TYPE.wrong(level));
    }
    let limit = query.integer(&p::PROPOSE_LIMIT);
    let take = limit.map_or(usize::MAX, |limit| limit as usize);
    let properties: Vec<Value> = Property::ALL.into_iter().take(take).map(Property::json).collect();
    let mut value = json!({"type": level, "properties": properties});
    if let Some(limit) = limit {
        value["limit"] = limit.into();
    }
    Ok(Answer::json(&value).send(&ask.headers))
}
