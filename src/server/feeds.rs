//! `/feeds`: the feeds that this server fetches, with the results; adding and removing them.

use super::{
    archive, auth, body,
    documents::{READ, library},
    operations as o,
    parameter::Query,
    parameters as p,
    problem::Problem,
    request_context::{RequestContext, Shared},
    respond::Answer,
    rulings::WRITE,
    state::App,
};
use crate::{
    ingest::{checked_field, json_error},
    publish::feed_status,
    text::printable::cut,
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::Response,
};
use serde_json::{Value, json};
use std::sync::Arc;

/// Bytes that a request for a feed may have.
const ROOM: usize = 16 * 1024;

/// GET `/feeds`
pub async fn all(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    ask.query(o::JSON_ONLY)?;
    let listed = move |app: &App| match app.library() {
        Some(_) => Ok(library(app)?.feeds()?),
        None => Ok(Vec::new()),
    };
    let rows = archive::blocking(&app, READ, listed).await?;
    let feeds = rows.iter().map(|row| {
        let mut value = json!(feed_status(row));
        value["url"] = row.address.as_str().into();
        value["listed_by"] = row.listed_by.as_str().into();
        let due = jiff::Timestamp::from_second(row.due).ok().filter(|_| row.due > 0);
        value["next"] = json!(due.map(|due| format!("{due:.0}")));
        value
    });
    Ok(Answer::json(&json!({"feeds": feeds.collect::<Vec<Value>>()})).send(&ask.headers))
}

/// POST `/feeds`
pub async fn add(State(app): Shared, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    auth::may_write(&app, &parts)?;
    list(&app, &parts, body)
        .await
        .inspect_err(|problem| auth::refused(&parts, problem))
}

async fn list(app: &Arc<App>, parts: &Parts, body: Body) -> Result<Response, Problem> {
    Query::read(parts.uri.query(), o::NONE)?;
    if body::kind(&parts.headers)? != "application/json" {
        return Err(Problem::unsupported_media_type("application/json"));
    }
    let bytes = body::whole(&parts.headers, body, ROOM).await?;
    let asked: Value = serde_json::from_slice(&bytes).map_err(|error| {
        Problem::bad_request(format!(
            "the body is not JSON like {{\"url\": \"https://…\"}}: {}",
            json_error(&error)
        ))
    })?;
    let url = asked.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Ok(mut url) = checked_field("source_url", url.clone()) else {
        return Err(Problem::parameter(
            "url",
            format!(
                "url does not take {:?}; it takes an http:// or https:// address with a host and without a password",
                cut(&url)
            ),
        ));
    };
    // A part of a feed is the feed.
    if let Some(fragment) = url.find('#') {
        url.truncate(fragment);
    }
    let of = url.clone();
    let is_new = archive::blocking(app, WRITE, move |app| Ok(library(app)?.list_feed(&of)?)).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    auth::line(parts, &json!({"id": url, "status": status.as_u16()}));
    let mut response = Answer::json(&json!({"url": url, "created": is_new})).send(&parts.headers);
    *response.status_mut() = status;
    Ok(response)
}

/// DELETE `/feeds`
pub async fn remove(State(app): Shared, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    auth::may_write(&app, &parts)?;
    unlist(&app, &parts)
        .await
        .inspect_err(|problem| auth::refused(&parts, problem))
}

async fn unlist(app: &Arc<App>, parts: &Parts) -> Result<Response, Problem> {
    let query = Query::read(parts.uri.query(), o::REMOVE_FEED)?;
    let url = query.text(&p::FEED_URL).unwrap_or_default().to_owned();
    let of = url.clone();
    let was_listed = archive::blocking(app, WRITE, move |app| Ok(library(app)?.remove_feed(&of)?)).await?;
    if !was_listed {
        return Err(Problem::not_found(format!(
            "there is no feed {:?}; see /feeds",
            cut(&url)
        )));
    }
    auth::done(parts, &url, None);
    Ok(Answer::json(&json!({"url": url, "removed": true})).send(&parts.headers))
}
