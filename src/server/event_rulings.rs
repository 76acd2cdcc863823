//! Decisions of analysts on events: join, split, undo, with their history.

use super::{
    access::Role,
    archive, auth, body,
    documents::{READ, library},
    events::{find, shown},
    openapi_bodies, operations as o,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Segments, Shared},
    respond::Answer,
    rulings::{WRITE, author, words},
    state::App,
};
use crate::{
    geoparse::Part,
    ingest::json_error,
    store::{Author, EventDecision, EventRuling, EventVerdict, NewEventRuling, StoreError},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, header, request::Parts},
    response::Response,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Bytes that a decision may have.
const MAX_BODY: usize = 256 * 1024;
/// Claims or events that one decision may name.
const MAX_NAMED: usize = 1000;
/// The longest reason, in code points.
const MAX_REASON: usize = 2000;

/// A decision as a client sends it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventRulingBody {
    ruling: String,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    claims: Vec<String>,
    author: Option<String>,
    reason: Option<String>,
}

/// PATCH `/events/{eventId}`
pub async fn rule(State(app): Shared, Segments(id): Segments<String>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    auth::may(&app, &parts, Role::Rule)?;
    let ruled = async {
        Query::read(parts.uri.query(), o::NONE)?;
        if body::kind(&parts.headers)? != "application/json" {
            return Err(Problem::unsupported_media_type("application/json"));
        }
        let bytes = body::whole(&parts.headers, body, MAX_BODY).await?;
        let asked: EventRulingBody = serde_json::from_slice(&bytes).map_err(|error| {
            Problem::bad_request(format!(
                "the body is not JSON like {{\"ruling\": \"split\", \"claims\": [\"<document>-c1\"], \"reason\": \"…\"}}: {}",
                json_error(&error)
            ))
        })?;
        let author = author(&parts, asked.author.as_deref())?;
        let reason = asked
            .reason
            .as_deref()
            .map(|reason| words(reason, "reason", MAX_REASON))
            .transpose()?;
        decide(&app, &parts, &id, (decision(asked)?, author, reason)).await
    };
    finish(&app, &parts, &id, ruled.await).await
}

/// DELETE `/events/{eventId}/rulings`
pub async fn undo(State(app): Shared, Segments(id): Segments<String>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    auth::may(&app, &parts, Role::Rule)?;
    let undone = async {
        let query = Query::read(parts.uri.query(), o::UNDO)?;
        let author = author(&parts, query.text(&p::AUTHOR))?;
        let reason = query
            .text(&p::REASON)
            .map(|reason| words(reason, "reason", MAX_REASON))
            .transpose()?;
        decide(&app, &parts, &id, (EventDecision::Undo, author, reason)).await
    };
    finish(&app, &parts, &id, undone.await).await
}

type Decided = (EventDecision, Author, Option<String>);

async fn decide(
    app: &Arc<App>,
    parts: &Parts,
    id: &str,
    (decision, author, reason): Decided,
) -> Result<Author, Problem> {
    library(app)?;
    // The event must be there, or its document be deleted, before the body means anything.
    let event = find(app, id).await?;
    let new = NewEventRuling {
        event: id.to_owned(),
        decision,
        seen: seen(&parts.headers, event.key)?,
        author: author.stored(),
        reason,
    };
    let decided = archive::blocking(app, WRITE, move |app| match library(app)?.rule_events(&new) {
        Err(StoreError::Missing(what)) => Err(Problem::not_found(format!("there is no {what}"))),
        Err(StoreError::Conflict(why)) => Err(Problem::conflict(why)),
        decided => Ok(decided?),
    });
    decided.await.map(|_| author)
}

fn decision(asked: EventRulingBody) -> Result<EventDecision, Problem> {
    let named = |list: Vec<String>, name: &str, what: &str| match list.len() {
        1..=MAX_NAMED => Ok(list),
        _ => Err(Problem::parameter(
            name,
            format!("{name} takes 1 to {MAX_NAMED} ids of {what}, like <document>-c1"),
        )),
    };
    let refuse = |list: &[String], name: &str, ruling: &str| match list.is_empty() {
        true => Ok(()),
        false => Err(Problem::parameter(
            name,
            format!("only a ruling of {ruling} takes {name}"),
        )),
    };
    match asked.ruling.as_str() {
        "join" => {
            refuse(&asked.claims, "claims", "split")?;
            Ok(EventDecision::Join(named(asked.with, "with", "events")?))
        }
        "split" => {
            refuse(&asked.with, "with", "join")?;
            Ok(EventDecision::Split(named(
                asked.claims,
                "claims",
                "claims of the event",
            )?))
        }
        "undo" => {
            refuse(&asked.with, "with", "join")?;
            refuse(&asked.claims, "claims", "split")?;
            Ok(EventDecision::Undo)
        }
        other => Err(Problem::parameter(
            "ruling",
            format!(
                "ruling does not take {:?}; it takes one of join, split, undo",
                echo(other)
            ),
        )),
    }
}

/// The version of the event that `If-Match` names; `None` without it, or with `*`.
fn seen(headers: &HeaderMap, key: i64) -> Result<Option<i64>, Problem> {
    let Some(tag) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let tag = tag.to_str().unwrap_or_default().trim();
    if tag == "*" {
        return Ok(None);
    }
    let prefix = format!("\"event-{key}-");
    let version = tag
        .strip_prefix(prefix.as_str())
        .and_then(|rest| rest.strip_suffix('"'))
        .and_then(|version| version.parse().ok());
    // A tag of another event or resource is one of a state that is no more.
    Ok(Some(version.unwrap_or(-1)))
}

/// Answers with the event as it is now, and leaves a line in the log.
async fn finish(app: &Arc<App>, parts: &Parts, id: &str, done: Result<Author, Problem>) -> Result<Response, Problem> {
    match done {
        Ok(author) => {
            auth::done(parts, id, author.said.as_deref());
            let event = find(app, id).await?;
            let base = super::links::base(&app.settings, &parts.headers);
            shown(&event, &parts.headers, &base, false)
        }
        Err(problem) => {
            auth::refused(parts, &problem);
            Err(problem)
        }
    }
}

/// `/events/{eventId}/rulings`
pub async fn history(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    ask.query(o::JSON_ONLY)?;
    find(&app, &id).await?;
    let of = id.clone();
    let rulings = match app.library() {
        None => Vec::new(),
        Some(_) => archive::blocking(&app, READ, move |app| Ok(library(app)?.event_rulings(&of)?)).await?,
    };
    let value = json!({"event": id, "rulings": rulings.iter().map(told).collect::<Vec<_>>()});
    Ok(Answer::json(&value).send(&ask.headers))
}

fn told(ruling: &EventRuling) -> Value {
    let author = Author::of_stored(&ruling.author);
    let side = |side: i64| {
        let claims = ruling.claims.iter().filter(|claim| claim.side == side);
        let claims = claims.map(|claim| {
            let (part, span) = Part::of_key(claim.span);
            let mut value = json!({"document": claim.document, "span": span, "type": claim.kind});
            if part == Part::Title {
                value["in"] = "title".into();
            }
            value
        });
        claims.collect::<Vec<Value>>()
    };
    let mut value = json!({
        "id": ruling.id,
        "ruling": ruling.verdict.word(),
        "author": author.token.as_ref().or(author.said.as_ref()),
        "author_said": author.said,
        "reason": ruling.reason,
        "time": ruling.time,
        "in_force": ruling.in_force,
        "claims": side(0),
    });
    match ruling.verdict {
        EventVerdict::Split => value["others"] = side(1).into(),
        EventVerdict::Undo(id) => value["undoes"] = id.into(),
        EventVerdict::Join => {}
    }
    value
}

/// The schema of the body of a decision, for the OpenAPI document.
pub fn body_schema() -> Value {
    let ids =
        json!({"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "maxItems": MAX_NAMED});
    let (author, reason) = (openapi_bodies::author(), openapi_bodies::reason());
    let ruling = |word: &str, list: Option<&str>| {
        let mut properties = json!({"ruling": {"type": "string", "enum": [word]}, "author": author, "reason": reason});
        let mut required = vec!["ruling"];
        if let Some(list) = list {
            properties[list] = ids.clone();
            required.push(list);
        }
        json!({"type": "object", "required": required, "additionalProperties": false, "properties": properties})
    };
    json!({"required": true, "content": {"application/json": {
        "schema": {"oneOf": [ruling("join", Some("with")), ruling("split", Some("claims")), ruling("undo", None)]},
        "example": {"ruling": "split", "claims": ["0123456789abcdef-c1"], "reason": "another attack on the same day"},
    }}})
}
