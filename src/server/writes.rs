//! Keeping documents: POST `/documents` with a document of any format, or NDJSON.

use super::{
    archive, auth, body,
    deletion::refuse_deleted,
    documents::library,
    incoming_body::{self, Part, refusal_of as refusal},
    links, operations as o,
    parameter::Query,
    parameters as p,
    problem::Problem,
    request_body::{ReadsOn, release},
    request_context::Shared,
    respond::media,
    state::App,
    work::{self, WorkKind},
};
use crate::{
    document::MAX_BYTES,
    ingest::{Incoming, IngestError, Lines},
    store::Put,
};
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use http_body::{Body as HttpBody, Frame};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::sync::mpsc;

/// Greatest length of a form, with its file.
pub const FORM_ROOM: usize = MAX_BYTES + (1 << 20);
/// Lines that are stored together: one transaction, one new picture of the layers.
const BATCH: usize = 256;
/// Bytes of texts that are stored together.
const BATCH_BYTES: usize = 8 << 20;
/// Bytes that one request of NDJSON may have.
const LINES_ROOM: usize = 1 << 30;
/// Lines in a row that are no JSON objects before the rest of a request is not read.
const MAX_BAD_LINES: usize = 1_000;
/// Batches of answers that wait for a client that sends and does not read yet.
const ANSWERS: usize = 512;

/// POST `/documents`
pub async fn add(State(app): Shared, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    auth::may_write(&app, &parts)?;
    let added = match body::media_type(&parts.headers).0.as_str() {
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/json-lines" => {
            let again = is_again(&Query::read(parts.uri.query(), o::NEW_LINES)?);
            lines(&app, parts.clone(), body, again).await
        }
        _ => one(&app, &parts, body).await,
    };
    if let Err(problem) = &added {
        auth::refused(&parts, problem);
    }
    added
}

/// True if a text that was deleted is stored again.
fn is_again(query: &Query<'_>) -> bool {
    query.text(&p::AGAIN) == Some("true")
}

async fn one(app: &Arc<App>, parts: &Parts, body: Body) -> Result<Response, Problem> {
    let query = Query::read(parts.uri.query(), o::NEW_DOCUMENT)?;
    let given = incoming_body::read(parts, body).await?;
    let described = |parameter| query.text(parameter).map(str::to_owned);
    let description = Incoming {
        title: described(&p::TITLE),
        source_url: described(&p::SOURCE_URL),
        publisher: described(&p::PUBLISHER),
        published: described(&p::PUBLISHED),
        language: described(&p::DOCUMENT_LANGUAGE),
        whole_page: query.text(&p::WHOLE_PAGE) == Some("true"),
        ..Incoming::default()
    };
    let again = is_again(&query);
    let task = WorkKind::Write.costing(writing(given.len()));
    let headers = parts.headers.clone();
    let stored = archive::blocking(app, task, move |app| {
        let mut texts = given.texts(&headers, &description).map_err(refusal)?;
        if let [(None, Ok(incoming))] = &mut texts[..]
            && incoming.text.is_none()
            && incoming.html.is_none()
            && let Some(address) = incoming.source_url.clone().or_else(|| description.source_url.clone())
        {
            let page = app.pages.fetch(&address, description.whole_page).map_err(refusal)?;
            let given = std::mem::take(incoming);
            texts = page.texts;
            for (_, text) in &mut texts {
                if let Ok(text) = text {
                    let fetched = std::mem::take(text);
                    *text = incoming_body::with_fields(fetched, &given);
                }
            }
        }
        work::check()?;
        if texts.len() != 1 || texts[0].0.is_some() {
            return store_parts(app, texts, &description, again).map(WriteOutcome::Many);
        }
        let incoming = texts.remove(0).1.map_err(refusal)?;
        let taken = incoming.or(&description).take().map_err(refusal)?;
        work::check()?;
        let mut put = library(app)?.put(vec![taken], again)?;
        let put = put
            .pop()
            .ok_or_else(|| Problem::internal("a document was neither kept nor found"))?;
        refuse_deleted(&put)?;
        Ok(WriteOutcome::One(put))
    })
    .await?;
    let put = match stored {
        WriteOutcome::One(put) => put,
        WriteOutcome::Many(value) => {
            auth::line(parts, &json!({"status": 200, "created": value["created"]}));
            return answer(StatusCode::OK, media::JSON, Body::from(value.to_string()), None);
        }
    };
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
        Body::from(json!({"id": put.id, "created": put.created}).to_string()),
        Some(location),
    )
}

/// Result of a write with one body.
enum WriteOutcome {
    /// One text.
    One(Put),
    /// Several texts: the result of each.
    Many(Value),
}

/// Stores the texts of one file in batches; each that is refused says why.
fn store_parts(app: &App, parts: Vec<Part>, description: &Incoming, again: bool) -> Result<Value, Problem> {
    let mut outcomes = Vec::new();
    let (mut created, mut known, mut refused) = (0_usize, 0_usize, 0_usize);
    let mut parts = parts.into_iter().peekable();
    while parts.peek().is_some() {
        work::check()?;
        let mut taken = Vec::new();
        let mut names = Vec::new();
        for (part, incoming) in parts.by_ref().take(BATCH) {
            let text = incoming.and_then(|incoming| incoming.or(description).take());
            names.push((part, text.map(|text| taken.push(text)).map_err(refusal)));
        }
        let mut put = library(app)?.put(taken, again)?.into_iter();
        for (part, text) in names {
            let outcome = text.and_then(|()| {
                let put = put
                    .next()
                    .ok_or_else(|| Problem::internal("a document was neither kept nor found"))?;
                refuse_deleted(&put).map(|()| put)
            });
            outcomes.push(match outcome {
                Ok(put) => {
                    let status = if put.created {
                        StatusCode::CREATED
                    } else {
                        StatusCode::OK
                    };
                    created += usize::from(put.created);
                    known += usize::from(!put.created);
                    json!({"part": part, "status": status.as_u16(), "id": put.id})
                }
                Err(problem) => {
                    refused += 1;
                    json!({"part": part, "status": problem.status.as_u16(), "detail": problem.detail})
                }
            });
        }
    }
    Ok(json!({"documents": outcomes, "created": created, "known": known, "refused": refused}))
}

/// Cost estimate of reading and storing texts of this many bytes, in microseconds.
fn writing(bytes: usize) -> u64 {
    2_000 + bytes as u64
}

/// A line of the body: its number, and its bytes or the reason of its refusal.
type RawLine = (usize, Result<Vec<u8>, IngestError>);

/// NDJSON: lines are stored in batches while they come; the lines of the answer are sent batch by batch, too.
async fn lines(app: &Arc<App>, parts: Parts, body: Body, again: bool) -> Result<Response, Problem> {
    body::check_length(&parts.headers, LINES_ROOM)?;
    library(app)?;
    let (answers, response) = mpsc::channel(ANSWERS);
    let batches = Batches {
        app: Arc::clone(app),
        parts,
        again,
        waiting: Vec::new(),
        bytes: 0,
        answers,
        bad_lines: 0,
    };
    tokio::spawn(batches.read(body));
    let mut response = answer(
        StatusCode::OK,
        "application/x-ndjson",
        Body::new(Answers(response)),
        None,
    )?;
    response.extensions_mut().insert(ReadsOn);
    Ok(response)
}

/// The lines of one request of NDJSON on their way into the store.
struct Batches {
    app: Arc<App>,
    parts: Parts,
    /// True if texts that were deleted are stored again.
    again: bool,
    waiting: Vec<RawLine>,
    /// Bytes of the lines that wait.
    bytes: usize,
    answers: mpsc::Sender<Bytes>,
    /// Lines in a row that are no JSON objects.
    bad_lines: usize,
}

/// Reasons why reading of lines ends early: the client is gone, or sends something else than lines of JSON.
enum Stop {
    Gone,
    Failed(Problem),
}

impl Batches {
    async fn read(mut self, body: Body) {
        let stop = match self.read_lines(body).await {
            Ok(()) => self.store().await.err(),
            // The lines before are stored.
            Err(Stop::Failed(problem)) => self.store().await.err().or(Some(Stop::Failed(problem))),
            Err(gone) => Some(gone),
        };
        if let Some(Stop::Failed(problem)) = stop {
            let last = json!({"line": null, "status": problem.status.as_u16(), "detail": problem.detail});
            // When the client is gone nobody reads it.
            let _ = self.answers.send(format!("{last}\n").into()).await;
        }
    }

    async fn read_lines(&mut self, mut body: Body) -> Result<(), Stop> {
        let (mut cutter, mut read) = (Lines::default(), 0_usize);
        loop {
            let piece: Bytes = match body.frame().await {
                None => break,
                Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
                Some(Err(_)) => {
                    let broken = "the body did not come whole; what came of it is kept";
                    return Err(Stop::Failed(Problem::bad_request(broken)));
                }
            };
            read += piece.len();
            if read > LINES_ROOM {
                return Err(Stop::Failed(Problem::too_large(LINES_ROOM)));
            }
            cutter.push(&piece, |number, line| self.wait(number, line));
            if self.waiting.len() >= BATCH || self.bytes >= BATCH_BYTES {
                self.store().await?;
                release(&self.parts);
            }
        }
        cutter.end(|number, line| self.wait(number, line));
        Ok(())
    }

    fn wait(&mut self, number: usize, line: Result<&[u8], IngestError>) {
        self.bytes += line.as_ref().map_or(0, |line| line.len());
        self.waiting.push((number, line.map(<[u8]>::to_vec)));
    }

    /// Stores the waiting lines, some at a time, and sends their results.
    async fn store(&mut self) -> Result<(), Stop> {
        self.bytes = 0;
        let mut waiting = std::mem::take(&mut self.waiting).into_iter();
        loop {
            let lines: Vec<RawLine> = waiting.by_ref().take(BATCH).collect();
            if lines.is_empty() {
                return Ok(());
            }
            let outcomes = keep(&self.app, &self.parts, lines, self.again).await;
            let mut text = String::new();
            let mut stop = None;
            for (outcome, is_object) in outcomes {
                text.push_str(&outcome.to_string());
                text.push('\n');
                self.bad_lines = if is_object { 0 } else { self.bad_lines + 1 };
                if self.bad_lines >= MAX_BAD_LINES {
                    stop = Some(Stop::Failed(Problem::bad_request(format!(
                        "{MAX_BAD_LINES} lines in a row are no JSON objects; the rest is not read"
                    ))));
                }
            }
            self.answers.send(text.into()).await.map_err(|_| Stop::Gone)?;
            if let Some(stop) = stop {
                return Err(stop);
            }
        }
    }
}

/// The lines of an answer, as they are made.
struct Answers(mpsc::Receiver<Bytes>);

impl HttpBody for Answers {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let batch = self.0.poll_recv(context);
        batch.map(|batch| batch.map(|lines| Ok(Frame::data(lines))))
    }
}

/// Stores a batch: the answer for each line, and whether it was a JSON object. When the store takes nothing, every line
/// says so and the client can send it again.
async fn keep(app: &Arc<App>, parts: &Parts, lines: Vec<RawLine>, again: bool) -> Vec<(Value, bool)> {
    let numbers: Vec<usize> = lines.iter().map(|(number, _)| *number).collect();
    let bytes = lines.iter().map(|(_, line)| line.as_ref().map_or(0, Vec::len)).sum();
    let failed = |number: usize, problem: &Problem| json!({"line": number, "status": problem.status.as_u16(), "detail": problem.detail});
    let task = WorkKind::Write.costing(writing(bytes));
    let stored = archive::blocking(app, task, move |app| {
        let (mut taken, mut outcomes) = (Vec::new(), Vec::new());
        for (number, line) in lines {
            work::check()?;
            let read = line.and_then(|line| Incoming::of_json(&line));
            let is_object = read.is_ok();
            let outcome = read.and_then(Incoming::take).map_err(refusal);
            outcomes.push((number, is_object, outcome.map(|text| taken.push(text))));
        }
        let put = library(app)?.put(taken, again).map_err(Problem::from);
        let mut put = put.map(Vec::into_iter);
        let answers = outcomes.into_iter().map(|(number, is_object, outcome)| {
            let put = outcome.and_then(|()| match &mut put {
                Ok(put) => put
                    .next()
                    .ok_or_else(|| Problem::internal("a document was neither kept nor found")),
                Err(problem) => Err(problem.clone()),
            });
            let put = put.and_then(|put| refuse_deleted(&put).map(|()| put));
            let answer = match put {
                Ok(put) => {
                    let status = if put.created {
                        StatusCode::CREATED
                    } else {
                        StatusCode::OK
                    };
                    json!({"line": number, "status": status.as_u16(), "id": put.id})
                }
                Err(problem) => failed(number, &problem),
            };
            (answer, is_object)
        });
        Ok(answers.collect::<Vec<_>>())
    })
    .await;
    let answers = stored.unwrap_or_else(|problem| {
        let all = numbers.iter().map(|number| (failed(*number, &problem), true));
        all.collect()
    });
    for (answer, _) in &answers {
        auth::line(parts, answer);
    }
    answers
}

fn answer(status: StatusCode, media: &'static str, body: Body, location: Option<String>) -> Result<Response, Problem> {
    let mut response = Response::new(body);
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
