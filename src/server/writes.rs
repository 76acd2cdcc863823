//! Keeping documents: POST `/documents` as JSON, plain text, HTML, a form with a file, or NDJSON.

use super::{
    archive, ask::Shared, auth, body, documents::library, links, operations as o, parameter::Query, parameters as p,
    problem::Problem, request_body::release, respond::media, state::App,
};
use crate::{
    document::{DocumentError, MAX_BYTES},
    ingest::{Incoming, IngestError, Lines, Taken},
};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Multipart, Request, State, multipart::MultipartError},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::Arc;

/// Bytes of the text and the HTML of a document in JSON, without their escapes.
const JSON_TEXTS: usize = MAX_BYTES * 2;
/// What a form has around its file.
pub const FORM_ROOM: usize = MAX_BYTES + (1 << 20);
/// How many lines are kept together: one transaction, one new picture of the layers.
const BATCH: usize = 256;
/// How many bytes of texts are kept together.
const BATCH_BYTES: usize = 8 << 20;
/// Bytes that one request of NDJSON may have.
const LINES_ROOM: usize = 1 << 30;

/// POST `/documents`
pub async fn add(State(app): Shared, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    auth::may_write(&app, &parts)?;
    let added = match body::kind(&parts.headers)?.as_str() {
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/json-lines" => {
            Query::read(parts.uri.query(), o::NONE)?;
            lines(&app, &parts, body).await
        }
        kind => one(&app, &parts, body, kind).await,
    };
    if let Err(problem) = &added {
        auth::refused(&parts, problem);
    }
    added
}

async fn one(app: &Arc<App>, parts: &Parts, body: Body, kind: &str) -> Result<Response, Problem> {
    let query = Query::read(parts.uri.query(), o::NEW_DOCUMENT)?;
    let incoming = match kind {
        "application/json" => {
            let bytes = body::whole_json(&parts.headers, body, JSON_TEXTS).await?;
            Incoming::of_json(&bytes).map_err(refusal)?
        }
        "multipart/form-data" => form(parts, body).await?,
        "text/html" | "application/xhtml+xml" => Incoming::of_html(text(parts, body).await?),
        // What curl says when it is told nothing.
        "text/plain" | "text/markdown" | "application/x-www-form-urlencoded" | "application/octet-stream" => {
            Incoming::of_text(text(parts, body).await?)
        }
        _ => {
            return Err(Problem::unsupported_media_type(
                "application/json, text/plain, text/html, multipart/form-data, application/x-ndjson",
            ));
        }
    };
    let described = |parameter| query.text(parameter).map(str::to_owned);
    let incoming = incoming.or(&Incoming {
        title: described(&p::TITLE),
        source_url: described(&p::SOURCE_URL),
        publisher: described(&p::PUBLISHER),
        published: described(&p::PUBLISHED),
        language: described(&p::DOCUMENT_LANGUAGE),
        ..Incoming::default()
    });
    // Reading HTML and keeping both take a while: not on the threads that serve tiles.
    let put = archive::blocking(app, move |app| {
        let taken = incoming.take().map_err(refusal)?;
        let mut put = library(app)?.put(vec![taken])?;
        put.pop()
            .ok_or_else(|| Problem::internal("a document was neither kept nor found"))
    })
    .await?;
    let status = if put.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    auth::line(parts, &json!({"id": put.id, "status": status.as_u16()}));
    let location = format!("{}/documents/{}", links::base(&app.settings, &parts.headers), put.id);
    answer(
        status,
        media::JSON,
        json!({"id": put.id, "created": put.created}).to_string(),
        Some(location),
    )
}

/// What is wrong with a text, as a problem; one that names a field names it as the parameter.
fn refusal(error: IngestError) -> Problem {
    match &error {
        error if error.is_too_large() => Problem::too_large(MAX_BYTES),
        IngestError::Field { field, .. } => Problem::parameter(field, error.to_string()),
        _ => Problem::bad_request(error.to_string()),
    }
}

async fn text(parts: &Parts, body: Body) -> Result<String, Problem> {
    let bytes = body::whole(&parts.headers, body, MAX_BYTES).await?;
    utf8(bytes.into())
}

fn utf8(bytes: Vec<u8>) -> Result<String, Problem> {
    String::from_utf8(bytes).map_err(|error| {
        let error = DocumentError::NotUtf8(error.utf8_error().valid_up_to());
        Problem::bad_request(error.to_string())
    })
}

/// A form with a `file`, and its description in fields of the names of the JSON members.
async fn form(parts: &Parts, body: Body) -> Result<Incoming, Problem> {
    body::check_length(&parts.headers, FORM_ROOM)?;
    let request = Request::from_parts(parts.clone(), body);
    let broken = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(MAX_BYTES),
        _ => Problem::bad_request(format!("the form cannot be read: {}", error.body_text())),
    };
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| Problem::bad_request(format!("the form cannot be read: {}", error.body_text())))?;
    let mut incoming = Incoming::default();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let page = field
            .content_type()
            .is_some_and(|media| media.starts_with("text/html") || media.contains("xhtml"))
            || field
                .file_name()
                .is_some_and(|name| [".html", ".htm"].iter().any(|end| name.to_lowercase().ends_with(end)));
        let value = utf8(field.bytes().await.map_err(broken)?.into())?;
        let member = match name.as_str() {
            "file" if page => &mut incoming.html,
            "file" | "text" => &mut incoming.text,
            "html" => &mut incoming.html,
            "title" => &mut incoming.title,
            "source_url" => &mut incoming.source_url,
            "publisher" => &mut incoming.publisher,
            "published" => &mut incoming.published,
            "language" => &mut incoming.language,
            _ => {
                return Err(Problem::unknown_parameter(
                    &name,
                    "file, text, html, title, source_url, publisher, published, language",
                ));
            }
        };
        if member.replace(value).is_some() {
            return Err(Problem::parameter(&name, format!("the form has {name} more than once")));
        }
    }
    Ok(incoming)
}

/// What became of a line.
struct Line {
    number: usize,
    outcome: Result<Taken, Problem>,
}

impl Line {
    fn size(&self) -> usize {
        self.outcome.as_ref().map_or(0, |taken| taken.document.text.len())
    }
}

/// NDJSON: lines are kept in batches while they come; each gets a line of its own in the answer.
async fn lines(app: &Arc<App>, parts: &Parts, mut body: Body) -> Result<Response, Problem> {
    body::check_length(&parts.headers, LINES_ROOM)?;
    let (mut cutter, mut waiting, mut answers, mut read) = (Lines::default(), Vec::new(), Vec::new(), 0_usize);
    let take = |number: usize, line: Result<&[u8], IngestError>| {
        let taken = line.and_then(Incoming::of_json).and_then(Incoming::take);
        Line {
            number,
            outcome: taken.map_err(refusal),
        }
    };
    let mut broken = None;
    loop {
        let piece: Bytes = match body.frame().await {
            None => break,
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
            Some(Err(_)) => {
                broken = Some(Problem::bad_request(
                    "the body did not come whole; what came of it is kept",
                ));
                break;
            }
        };
        read += piece.len();
        if read > LINES_ROOM {
            broken = Some(Problem::too_large(LINES_ROOM));
            break;
        }
        cutter.push(&piece, |number, line| waiting.push(take(number, line)));
        let bytes: usize = waiting.iter().map(Line::size).sum();
        if waiting.len() >= BATCH || bytes >= BATCH_BYTES {
            answers.extend(keep(app, parts, std::mem::take(&mut waiting)).await?);
            release(parts);
        }
    }
    match broken {
        None => cutter.end(|number, line| waiting.push(take(number, line))),
        Some(ref problem) => {
            answers.push(json!({"line": null, "status": problem.status.as_u16(), "detail": problem.detail}))
        }
    }
    answers.extend(keep(app, parts, waiting).await?);
    let mut text = String::new();
    for answer in answers {
        text.push_str(&answer.to_string());
        text.push('\n');
    }
    answer(StatusCode::OK, "application/x-ndjson", text, None)
}

/// Keeps a batch. When the store takes nothing, every line says so and the client can send it again.
async fn keep(app: &Arc<App>, parts: &Parts, lines: Vec<Line>) -> Result<Vec<Value>, Problem> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let answers = archive::blocking(app, move |app| {
        let (mut taken, mut outcomes) = (Vec::new(), Vec::new());
        for line in lines {
            outcomes.push((line.number, line.outcome.map(|text| taken.push(text))));
        }
        let put = library(app)?.put(taken).map_err(Problem::from);
        let mut put = put.map(Vec::into_iter);
        let answers = outcomes.into_iter().map(|(number, outcome)| {
            let put = outcome.and_then(|()| match &mut put {
                Ok(put) => put
                    .next()
                    .ok_or_else(|| Problem::internal("a document was neither kept nor found")),
                Err(problem) => Err(problem.clone()),
            });
            match put {
                Ok(put) => {
                    let status = if put.created {
                        StatusCode::CREATED
                    } else {
                        StatusCode::OK
                    };
                    json!({"line": number, "status": status.as_u16(), "id": put.id})
                }
                Err(problem) => json!({"line": number, "status": problem.status.as_u16(), "detail": problem.detail}),
            }
        });
        Ok(answers.collect::<Vec<_>>())
    })
    .await?;
    for answer in &answers {
        auth::line(parts, answer);
    }
    Ok(answers)
}

fn answer(
    status: StatusCode,
    media: &'static str,
    body: String,
    location: Option<String>,
) -> Result<Response, Problem> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(location) = location {
        headers.insert(
            header::LOCATION,
            HeaderValue::try_from(location).map_err(Problem::internal)?,
        );
    }
    Ok(response)
}
