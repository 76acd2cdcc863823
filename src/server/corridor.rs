//! Linear referencing along the corridor over HTTP.

use super::{
    ask::{Ask, Shared},
    operations as o,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    respond::{Answer, media},
    search::position,
    services::CorridorRefusal,
};
use axum::{extract::State, response::Response};
use serde_json::Value;

/// `/corridor`: the definitions and the line of one.
pub async fn overview(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::CORRIDOR)?;
    let corridor = &app.services.corridor;
    let line = corridor
        .line(query.text(&p::DEFINITION))
        .map_err(|refusal| refused(refusal, &query))?;
    let mut value = corridor.definitions(app.snapshot().documents());
    value["line"] = line;
    Ok(Answer::json(&value).send(&ask.headers))
}

/// `/corridor/definitions`
pub async fn definitions(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
    ask.query(o::NONE)?;
    let value = app.services.corridor.definitions(app.snapshot().documents());
    Ok(Answer::json(&value).send(&ask.headers))
}

/// `/corridor/locate`
pub async fn locate(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::LOCATE)?;
    let (lon, lat) = position(&query);
    let located = app.services.corridor.locate(lon, lat, query.text(&p::DEFINITION));
    answer(located, &query, &ask, media::JSON)
}

/// `/corridor/at`
pub async fn at(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::AT)?;
    let km = query.number(&p::KM).unwrap_or_default();
    let found = app.services.corridor.at(km, query.text(&p::DEFINITION));
    answer(found, &query, &ask, media::GEOJSON)
}

/// `/corridor/profile`
pub async fn profile(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::PROFILE)?;
    let by = query.text(&p::BY).unwrap_or_default();
    let profile = app.services.corridor.profile(by, query.text(&p::DEFINITION));
    answer(profile, &query, &ask, media::JSON)
}

fn answer(
    result: Result<Value, CorridorRefusal>,
    query: &Query<'_>,
    ask: &Ask,
    media: &'static str,
) -> Result<Response, Problem> {
    let value = result.map_err(|refusal| refused(refusal, query))?;
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
        CorridorRefusal::BeyondEnd(end) => Problem::parameter(
            p::KM.name,
            format!("km is beyond the end of the line; it takes a number from 0 to {end:.1}"),
        ),
    }
}
