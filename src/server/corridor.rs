//! Linear referencing along the corridor over HTTP.

use super::{
    collections::add_convention,
    operations as o,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Shared, view_of},
    respond::{Answer, media},
    search::position,
    services::{CorridorRefusal, LineQuery},
    state::App,
};
use crate::corridor::Part;
use axum::{extract::State, response::Response};
use serde_json::Value;
use std::sync::Arc;

/// `/corridor`: the definitions and the line of one.
pub async fn overview(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::CORRIDOR)?;
    let corridor = &app.services.corridor;
    let line = corridor
        .line(line_of(&query))
        .map_err(|refusal| refused(refusal, &query))?;
    let mut value = corridor.definitions(app.snapshot().documents());
    value["line"] = line;
    answer(Ok(value), &app, &query, &ask, media::JSON)
}

/// `/corridor/definitions`
pub async fn definitions(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::CORRIDOR_VIEW)?;
    let value = app.services.corridor.definitions(app.snapshot().documents());
    answer(Ok(value), &app, &query, &ask, media::JSON)
}

/// `/corridor/locate`
pub async fn locate(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::LOCATE)?;
    let (lon, lat) = position(&query);
    let located = app.services.corridor.locate(line_of(&query), lon, lat);
    answer(located, &app, &query, &ask, media::JSON)
}

/// `/corridor/at`
pub async fn at(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::AT)?;
    let km = query.number(&p::KM).unwrap_or_default();
    let found = app.services.corridor.at(line_of(&query), km);
    answer(found, &app, &query, &ask, media::GEOJSON)
}

/// `/corridor/profile`
pub async fn profile(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::PROFILE)?;
    let by = query.text(&p::BY).unwrap_or_default();
    let profile = app.services.corridor.profile(line_of(&query), by);
    answer(profile, &app, &query, &ask, media::JSON)
}

/// `/corridor/slice`
pub async fn slice(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::SLICE)?;
    let from_km = query.number(&p::FROM).unwrap_or_default();
    let to_km = query.number(&p::TO);
    part(&app, &query, &ask, Part::Slice { from_km, to_km })
}

/// `/corridor/strip`
pub async fn strip(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::STRIP)?;
    let half_width_km = query.number(&p::HALF_WIDTH).unwrap_or_default();
    part(&app, &query, &ask, Part::Strip { half_width_km })
}

/// `/corridor/posts`
pub async fn posts(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::POSTS)?;
    let every_km = query.number(&p::EVERY);
    part(&app, &query, &ask, Part::Posts { every_km })
}

/// `/corridor/crossings`
pub async fn crossings(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::CROSSINGS)?;
    part(&app, &query, &ask, Part::Crossings)
}

fn part(app: &App, query: &Query<'_>, ask: &RequestContext, part: Part) -> Result<Response, Problem> {
    let line = line_of(query);
    let chosen = [&p::HALF_WIDTH, &p::EVERY, &p::FROM, &p::TO];
    if chosen.iter().any(|parameter| query.text(parameter).is_some()) {
        return answer(app.services.corridor.part(line, part), app, query, ask, media::GEOJSON);
    }
    // The land does not change: answers without a number of the client are computed once.
    let key = format!("{:?} {:?} {part:?}", line.definition, line.worldview);
    let found = app
        .parts
        .get_or_insert_with(&key, || app.services.corridor.part(line, part).map(Arc::new));
    answer(found.map(Arc::unwrap_or_clone), app, query, ask, media::GEOJSON)
}

fn line_of<'q>(query: &'q Query<'_>) -> LineQuery<'q> {
    LineQuery {
        definition: query.text(&p::DEFINITION),
        worldview: query.text(&p::WORLDVIEW),
    }
}

/// The answer with the convention in force, which no answer goes without.
fn answer(
    result: Result<Value, CorridorRefusal>,
    app: &App,
    query: &Query<'_>,
    ask: &RequestContext,
    media: &'static str,
) -> Result<Response, Problem> {
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, query)?;
    let mut value = result.map_err(|refusal| refused(refusal, query))?;
    add_convention(&mut value, view, &app.about, ask.language(query));
    Ok(Answer::json_as(media, &value).send(&ask.headers))
}

fn refused(refusal: CorridorRefusal, query: &Query<'_>) -> Problem {
    match refusal {
        CorridorRefusal::UnknownDefinition(known) => Problem::parameter(
            p::DEFINITION.name,
            format!(
                "definition does not take {:?}; it takes one of {}",
                echo(query.text(&p::DEFINITION).unwrap_or_default()),
                known.join(", ")
            ),
        ),
        CorridorRefusal::OutOfRange(error) => Problem::parameter(error.parameter, error.to_string()),
    }
}
