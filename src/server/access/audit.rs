//! Records of writes: one JSON object for each document or ruling, done or refused.

use super::Visitor;
use crate::{
    log::{ACCESS, AUDIT},
    server::problem::{Problem, echo},
};
use axum::http::{Method, StatusCode, request::Parts};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Members that every record has.
fn record(kind: &str, visitor: Option<&Visitor>) -> Map<String, Value> {
    let mut record = Map::new();
    record.insert("time".to_owned(), format!("{:.6}", jiff::Timestamp::now()).into());
    record.insert("kind".to_owned(), kind.into());
    record.insert("token".to_owned(), visitor.and_then(Visitor::name).into());
    let client = visitor.and_then(|visitor| visitor.client);
    record.insert("client".to_owned(), client.map(|client| client.to_string()).into());
    record.insert(
        "request".to_owned(),
        visitor.map(|visitor| visitor.request.as_str()).into(),
    );
    record
}

/// The word for a kind of write: `document.add`, `document.delete`, `ruling.add`, `ruling.undo`, or the method and path.
fn action(parts: &Parts) -> String {
    let segments: Vec<&str> = parts.uri.path().trim_matches('/').split('/').collect();
    match (&parts.method, &segments[..]) {
        (&Method::POST, ["documents"]) => "document.add".to_owned(),
        (&Method::DELETE, ["documents", _]) => "document.delete".to_owned(),
        (&Method::PATCH, ["documents", _]) => "document.correct".to_owned(),
        (&Method::DELETE, ["documents", _, "rulings"]) => "document.undo".to_owned(),
        (&Method::POST, ["documents", _, "claims"]) => "claim.add".to_owned(),
        (&Method::PATCH, ["claims", _]) => "claim.correct".to_owned(),
        (&Method::DELETE, ["claims", _]) => "claim.delete".to_owned(),
        (&Method::DELETE, ["claims", _, "rulings"]) => "claim.undo".to_owned(),
        (&Method::POST, ["documents", _, "mentions"]) => "mention.add".to_owned(),
        (&Method::PATCH, ["mentions", _]) => "ruling.add".to_owned(),
        (&Method::DELETE, ["mentions", _, "rulings"]) => "ruling.undo".to_owned(),
        (&Method::PATCH, ["events", _]) => "event.rule".to_owned(),
        (&Method::DELETE, ["events", _, "rulings"]) => "event.undo".to_owned(),
        (&Method::POST, ["feeds"]) => "feed.add".to_owned(),
        (&Method::DELETE, ["feeds"]) => "feed.remove".to_owned(),
        (method, _) => format!("{method} {}", echo(parts.uri.path())),
    }
}

/// Result of a write, for its audit record.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'o> {
    /// The id of the document or mention, where it is known.
    pub object: Option<&'o str>,
    /// `created`, `known`, `done`, or `refused`.
    pub result: &'o str,
    /// The status of the answer, or of the line in the answer to a bulk write.
    pub status: u16,
    /// The line of a bulk write.
    pub line: Option<u64>,
    /// The reason of a refusal, or the author and reason that the client gave.
    pub detail: Option<&'o str>,
}

/// Writes the record of one document or ruling.
pub fn write(parts: &Parts, outcome: &Outcome<'_>) {
    let visitor = Visitor::of_parts(parts);
    let mut record = record("audit", visitor.as_deref());
    record.insert("action".to_owned(), action(parts).into());
    record.insert("object".to_owned(), outcome.object.map(echo).into());
    record.insert("result".to_owned(), outcome.result.into());
    record.insert("status".to_owned(), outcome.status.into());
    if let Some(line) = outcome.line {
        record.insert("line".to_owned(), line.into());
    }
    if let Some(detail) = outcome.detail {
        record.insert("detail".to_owned(), short(detail).into());
    }
    let record = Value::Object(record).to_string();
    match outcome.result {
        // Only these may be left out when there are too many.
        "refused" => tracing::warn!(target: AUDIT, record = record.as_str()),
        _ => tracing::info!(target: AUDIT, record = record.as_str()),
    }
}

/// A detail of at most some hundred characters: a message, of which a client's part is cut already.
fn short(detail: &str) -> String {
    detail.chars().take(500).collect()
}

/// A record of a write that was refused.
pub fn refused(parts: &Parts, problem: &Problem) {
    write(
        parts,
        &Outcome {
            object: None,
            result: "refused",
            status: problem.status.as_u16(),
            line: None,
            detail: Some(&problem.detail),
        },
    );
}

/// A record of a write that was done. `remark` is the client's name for itself.
pub fn done(parts: &Parts, object: &str, remark: Option<&str>) {
    write(
        parts,
        &Outcome {
            object: Some(object),
            result: "done",
            status: 200,
            line: None,
            detail: remark,
        },
    );
}

/// A record for a line of the answer to a bulk write, or for the one document of another.
pub fn line(parts: &Parts, answer: &Value) {
    let status = answer["status"].as_u64().unwrap_or(0) as u16;
    let result = match StatusCode::from_u16(status) {
        Ok(StatusCode::CREATED) => "created",
        Ok(status) if status.is_success() => "known",
        _ => "refused",
    };
    write(
        parts,
        &Outcome {
            object: answer["id"].as_str(),
            result,
            status,
            line: answer["line"].as_u64(),
            detail: answer["detail"].as_str(),
        },
    );
}

/// A request as an access record names it.
#[derive(Clone, Debug)]
pub struct AuditedRequest {
    method: Method,
    path: String,
    query: Option<String>,
    agent: Option<String>,
}

impl AuditedRequest {
    /// The parts of a request that are kept until it is answered.
    pub fn of<B>(request: &axum::http::Request<B>) -> Self {
        let agent = request.headers().get(axum::http::header::USER_AGENT);
        Self {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().map(str::to_owned),
            agent: agent.map(|agent| String::from_utf8_lossy(agent.as_bytes()).into_owned()),
        }
    }
}

/// Writes the record of an answer. `bytes` is the length of the body where it is known before it is sent.
pub fn access(asked: &AuditedRequest, visitor: Option<&Visitor>, status: u16, bytes: Option<u64>, took: Duration) {
    let cut = |text: &str| text.chars().take(MAX_QUERY_ECHO).collect::<String>();
    let mut record = record("access", visitor);
    record.insert("method".to_owned(), asked.method.as_str().into());
    record.insert("path".to_owned(), cut(&asked.path).into());
    record.insert("query".to_owned(), asked.query.as_deref().map(cut).into());
    record.insert("status".to_owned(), status.into());
    record.insert("bytes".to_owned(), bytes.into());
    record.insert("ms".to_owned(), json!((took.as_secs_f64() * 1e5).round() / 100.0));
    record.insert("agent".to_owned(), asked.agent.as_deref().map(echo).into());
    let record = Value::Object(record).to_string();
    tracing::info!(target: ACCESS, record = record.as_str());
}

/// Characters of a path or query that a record repeats.
const MAX_QUERY_ECHO: usize = 300;
