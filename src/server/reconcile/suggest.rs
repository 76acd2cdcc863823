//! Suggestions while typing: places, types and properties; and the properties to fetch for a type.

use super::{description, kind, name_of, property::Property};
use crate::{
    gazetteer::Level,
    language::Language,
    server::{
        jsonp, operations as o,
        parameter::Query,
        parameters as p,
        problem::{Problem, echo},
        request_context::{RequestContext, Segments, Shared},
        services::SearchQuery,
        state::App,
    },
};
use axum::{extract::State, response::Response};
use serde_json::{Value, json};

/// `/reconcile/suggest/{entity|type|property}`
pub async fn suggest(
    State(app): Shared,
    Segments(what): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let query = ask.lenient_query(o::SUGGEST)?;
    let callback = jsonp::callback(&query, &p::CALLBACK);
    let language = ask.language(&query);
    let limit = query.integer(&p::SUGGEST_LIMIT).unwrap_or(10) as usize;
    let prefix = query.text(&p::PREFIX).unwrap_or_default().trim();
    let skip = query.integer(&p::CURSOR).unwrap_or(0) as usize;
    let result: Vec<Value> = match what.as_str() {
        "entity" => entities(&app, prefix, &levels(&query), skip, limit, language),
        "type" => beginning(Level::ALL.into_iter().map(kind), prefix, skip, limit),
        "property" => beginning(Property::ALL.into_iter().map(Property::json), prefix, skip, limit),
        _ => return Err(unknown(&what)),
    };
    Ok(jsonp::answer(&json!({"result": result}), callback.as_deref()).send(&ask.headers))
}

/// There are three kinds of thing to suggest and to preview.
pub(super) fn unknown(what: &str) -> Problem {
    Problem::not_found(format!(
        "there is no {:?}; there are entity, type and property",
        echo(what)
    ))
}

/// The levels that `type` names; all where it names none that is known.
fn levels(query: &Query<'_>) -> Vec<Level> {
    let words = query.list(&p::SUGGEST_TYPE).into_iter().flatten();
    words.filter_map(|word| word.parse().ok()).collect()
}

fn entities(app: &App, prefix: &str, levels: &[Level], skip: usize, limit: usize, language: Language) -> Vec<Value> {
    if prefix.is_empty() {
        return Vec::new();
    }
    let places = &app.services.places;
    let mut found = places.lookup(&[prefix]);
    found.extend(places.search(&SearchQuery {
        text: prefix,
        language,
        limit: skip + limit,
        viewbox: None,
        bounded: false,
        levels,
    }));
    let page = found.iter().skip(skip).take(limit);
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
fn beginning(all: impl Iterator<Item = Value>, prefix: &str, skip: usize, limit: usize) -> Vec<Value> {
    let prefix = prefix.to_lowercase();
    let begins = |value: &Value| {
        let text = value.as_str().unwrap_or_default().to_lowercase();
        text.starts_with(&prefix)
    };
    all.filter(|item| begins(&item["id"]) || begins(&item["name"]))
        .skip(skip)
        .take(limit)
        .collect()
}

/// `/reconcile/properties`
pub async fn propose(State(_): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.lenient_query(o::PROPOSE)?;
    let callback = jsonp::callback(&query, &p::CALLBACK);
    // Every type has every property, so that a type that is not known, or none, has them too.
    let level = query.text(&p::SUGGEST_TYPE).unwrap_or_default();
    let limit = query.integer(&p::PROPOSE_LIMIT);
    let take = limit.map_or(usize::MAX, |limit| limit as usize);
    let properties: Vec<Value> = Property::ALL.into_iter().take(take).map(Property::json).collect();
    let mut value = json!({"type": level, "properties": properties});
    if let Some(limit) = limit {
        value["limit"] = limit.into();
    }
    Ok(jsonp::answer(&value, callback.as_deref()).send(&ask.headers))
}
