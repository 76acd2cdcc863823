//! `/local-names`: spellings and places that analysts add to the gazetteer, so that later texts are read with them.

use super::{
    access::Role,
    archive, auth, body,
    documents::READ,
    given::Members,
    operations as o,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Shared},
    respond::Answer,
    rulings,
    services::{LocalNameError, LocalNameService},
    state::App,
    work::{Task, WorkKind},
};
use crate::{
    gazetteer::{Level, LocalName, LocalPlace},
    language::Language,
    text::printable::is_unfit_for_a_line,
};
use axum::{
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::Response,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{fmt::Write, sync::Arc};

/// The geoparser is made anew.
const CHANGE: Task = Task {
    kind: WorkKind::Write,
    cost: 1_000_000,
};
/// Bytes that a name with its description may have.
const MAX_BODY: usize = 16 * 1024;
/// The longest name, in code points.
const MAX_NAME: usize = 100;
/// The longest reason, in code points.
const MAX_REASON: usize = 500;
const EXAMPLE: &str = "{\"place\": \"IQG11Q04\", \"language\": \"en\", \"name\": \"Makhmoor\"}";

fn service(app: &App) -> Result<&Arc<dyn LocalNameService>, Problem> {
    let absent = "this server has no file of local names; start it with --local-names FILE";
    app.local_names().ok_or_else(|| Problem::not_found(absent))
}

/// `/local-names`
pub async fn all(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    ask.query(o::JSON_ONLY)?;
    service(&app)?;
    let names = archive::blocking(&app, READ, |app| Ok(service(app)?.list()?)).await?;
    let names: Vec<Value> = names.iter().map(value).collect();
    Ok(Answer::json(&json!({"names": names})).send(&ask.headers))
}

fn value(name: &LocalName) -> Value {
    let mut value = json!({
        "place": name.place, "language": name.language.tag(), "name": name.name, "author": name.author,
        "time": name.time, "reason": name.reason,
    });
    if let Some(new) = &name.new {
        value["point"] = json!(new.point);
        value["level"] = new.level.word().into();
        value["unit"] = new.unit.as_str().into();
    }
    value
}

/// POST `/local-names`
pub async fn add(State(app): Shared, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    auth::may(&app, &parts, Role::Rule)?;
    let added = async {
        service(&app)?;
        Query::read(parts.uri.query(), o::NONE)?;
        if body::kind(&parts.headers)? != "application/json" {
            return Err(Problem::unsupported_media_type("application/json"));
        }
        let bytes = body::whole(&parts.headers, body, MAX_BODY).await?;
        let name = read(&app, &parts, &bytes)?;
        let stored = name.clone();
        archive::blocking(&app, CHANGE, move |app| match service(app)?.add(stored) {
            Err(LocalNameError::Missing) => Err(Problem::parameter("place", "there is no such place; see /search")),
            added => Ok(added?),
        })
        .await?;
        Ok(name)
    };
    finish(&parts, added.await, StatusCode::CREATED)
}

/// DELETE `/local-names`
pub async fn remove(State(app): Shared, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    auth::may(&app, &parts, Role::Rule)?;
    let removed = async {
        service(&app)?;
        let query = Query::read(parts.uri.query(), o::LOCAL_NAME)?;
        let given = |parameter: &'static super::parameter::Parameter| {
            let text = query.text(parameter).map(str::to_owned);
            text.ok_or_else(|| Problem::parameter(parameter.name, format!("{} is required", parameter.name)))
        };
        let (place, name) = (given(&p::LOCAL_PLACE)?, given(&p::LOCAL_SPELLING)?);
        let gone = LocalName {
            place: place.clone(),
            language: Language::Undetermined,
            name: name.clone(),
            new: None,
            author: String::new(),
            time: String::new(),
            reason: String::new(),
        };
        archive::blocking(&app, CHANGE, move |app| Ok(service(app)?.remove(&place, &name)?)).await?;
        Ok(gone)
    };
    finish(&parts, removed.await, StatusCode::OK)
}

/// Answers, and leaves a record of the write.
fn finish(parts: &Parts, done: Result<LocalName, Problem>, status: StatusCode) -> Result<Response, Problem> {
    match done {
        Ok(name) => {
            auth::done(parts, &name.place, None);
            let value = match status {
                StatusCode::CREATED => value(&name),
                _ => json!({"place": name.place, "name": name.name, "deleted": true}),
            };
            let mut response = Answer::json(&value).send_unconditionally(&parts.headers);
            *response.status_mut() = status;
            Ok(response)
        }
        Err(problem) => {
            auth::refused(parts, &problem);
            Err(problem)
        }
    }
}

/// The name of a request's body.
fn read(app: &App, parts: &Parts, bytes: &[u8]) -> Result<LocalName, Problem> {
    let mut members = Members::read(bytes, EXAMPLE)?;
    let name = members.text("name")?.unwrap_or_default().trim().to_owned();
    let letters = name.chars().filter(|letter| letter.is_alphabetic()).count();
    if letters < 2 || name.chars().count() > MAX_NAME || name.contains('|') || name.chars().any(is_unfit_for_a_line) {
        return Err(Problem::parameter(
            "name",
            format!("name takes one line of 2 to {MAX_NAME} characters with two letters at least, without |"),
        ));
    }
    let language = members.text("language")?.unwrap_or_default();
    let language = language
        .parse()
        .ok()
        .filter(|language: &Language| language.is_supported());
    let language = language.ok_or_else(|| Problem::parameter("language", "language takes ar, ckb or en"))?;
    let reason = members
        .text("reason")?
        .map(|reason| reason.trim().to_owned())
        .unwrap_or_default();
    if reason.chars().count() > MAX_REASON || reason.chars().any(is_unfit_for_a_line) {
        return Err(Problem::parameter(
            "reason",
            format!("reason takes one line of at most {MAX_REASON} characters"),
        ));
    }
    let place = members.text("place")?;
    let level = members.text("level")?;
    let point = members.take("point");
    members.end("place, language, name, point, level, reason")?;
    let (place, new) = match (place, point) {
        (Some(place), None) if level.is_none() => (known(place)?, None),
        (None, Some(point)) => {
            let new = new_place(app, &point, level.as_deref())?;
            (new_id(&name, new.point), Some(new))
        }
        _ => {
            return Err(Problem::parameter(
                "place",
                "a name needs place, the id of a place of the gazetteer, or point and level of a new place",
            ));
        }
    };
    let author = rulings::author(parts, None)?;
    Ok(LocalName {
        place,
        language,
        name,
        new,
        author: author.token.unwrap_or_default(),
        time: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        reason,
    })
}

/// The id of a place that names of texts can mean.
fn known(id: String) -> Result<String, Problem> {
    let wrong = |what: &str| Problem::parameter("place", format!("place {:?} {what}", echo(&id)));
    if id.starts_with("point-") {
        return Err(wrong("is a point of a ruling; give point and level to make it a place"));
    }
    match id.is_empty() || id.chars().any(is_unfit_for_a_line) || id.chars().count() > MAX_NAME {
        true => Err(wrong("is no id of the gazetteer; see /search")),
        false => Ok(id),
    }
}

/// A new place at a point of the land.
fn new_place(app: &App, point: &Value, level: Option<&str>) -> Result<LocalPlace, Problem> {
    let numbers: Vec<f64> = point
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_f64)
        .collect();
    let place = match numbers[..] {
        [lon, lat] if (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat) => Some([lon, lat]),
        _ => None,
    };
    let outside = || Problem::parameter("point", "point takes [longitude, latitude] in degrees, inside the land");
    let [lon, lat] = place.ok_or_else(outside)?;
    let unit = [Level::Subdistrict, Level::District, Level::Governorate]
        .into_iter()
        .find_map(|level| app.services.places.reverse(lon, lat, level));
    let unit = unit.filter(|unit| !unit.place.foreign).ok_or_else(outside)?;
    let known = level.unwrap_or("settlement").parse::<Level>().ok();
    let level = known.filter(|level| !level.is_administrative());
    let level = level.ok_or_else(|| {
        let levels = Level::ALL
            .into_iter()
            .filter(|level| !level.is_administrative())
            .map(Level::word);
        Problem::parameter(
            "level",
            format!("level takes one of {}", levels.collect::<Vec<_>>().join(", ")),
        )
    })?;
    Ok(LocalPlace {
        // Five decimals are a metre: no report is finer.
        point: [lon, lat].map(|degrees| (degrees * 1e5).round() / 1e5),
        level,
        unit: unit.place.id.to_string(),
    })
}

/// An id that two servers give to one place with one name.
fn new_id(name: &str, [lon, lat]: [f64; 2]) -> String {
    let hash = Sha256::digest(format!("{name}\n{lon:.5}\n{lat:.5}").as_bytes());
    hash.iter().take(6).fold(String::from("local-"), |mut id, byte| {
        // Writing to memory does not fail.
        let _ = write!(id, "{byte:02x}");
        id
    })
}
