//! Small pages about a place, a type or a property, for a frame or a box beside the pointer.

use super::{name_of, property::Property, suggest::unknown};
use crate::{
    gazetteer::Level,
    language::Language,
    server::{
        html, jsonp, operations as o, parameters as p,
        problem::{Problem, echo},
        request_context::{RequestContext, Segments, Shared},
        search::display_name,
        services::PlaceMatch,
        state::App,
    },
};
use axum::{extract::State, response::Response};
use serde_json::json;

/// `/reconcile/preview`
pub async fn preview(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.lenient_query(o::PREVIEW)?;
    let language = ask.language(&query);
    let found = place(&app, query.text(&p::PLACE_ID).unwrap_or_default())?;
    let [lon, lat] = found.place.point;
    let link = format!("{}/#map=9/{lat:.4}/{lon:.4}", ask.base(&app.settings));
    let page = html::preview(
        &name_of(&found, language),
        &rows(&found, language),
        &link,
        &ask.root(&app.settings),
        language,
    );
    Ok(page.send(&ask.headers))
}

/// `/reconcile/flyout/{entity|type|property}`
pub async fn flyout(
    State(app): Shared,
    Segments(what): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let query = ask.lenient_query(o::FLYOUT)?;
    let callback = jsonp::callback(&query, &p::CALLBACK);
    let language = ask.language(&query);
    let id = query.text(&p::PLACE_ID).unwrap_or_default();
    let (title, rows) = match what.as_str() {
        "entity" => {
            let found = place(&app, id)?;
            (name_of(&found, language), rows(&found, language))
        }
        "type" => {
            let level: Level = id
                .parse()
                .map_err(|_| Problem::not_found(format!("there is no type {:?}; a type is a level", echo(id))))?;
            (level.word().to_owned(), Vec::new())
        }
        "property" => {
            let property = Property::from_id(id).map_err(Problem::not_found)?;
            (property.name(), Vec::new())
        }
        _ => return Err(unknown(&what)),
    };
    let value = json!({"id": id, "html": html::summary(&title, &rows, language)});
    Ok(jsonp::answer(&value, callback.as_deref()).send(&ask.headers))
}

fn place(app: &App, id: &str) -> Result<PlaceMatch, Problem> {
    let found = app.services.places.lookup(&[id]).pop();
    found.ok_or_else(|| Problem::not_found(format!("there is no place {:?}", echo(id))))
}

/// Rows on a place: names in each language, level, containing units, position, identifiers.
fn rows(found: &PlaceMatch, language: Language) -> Vec<(String, String)> {
    let place = &found.place;
    let mut rows = Vec::new();
    for other in Language::ALL {
        let names = place.names.of(other).collect::<Vec<_>>().join(" · ");
        if !names.is_empty() {
            rows.push((other.to_string(), names));
        }
    }
    rows.push((place.level.word().to_owned(), display_name(found, language)));
    let [lon, lat] = place.point;
    rows.push(("lat, lon".to_owned(), format!("{lat:.4}, {lon:.4}")));
    rows.push(("id".to_owned(), place.id.to_string()));
    rows
}
