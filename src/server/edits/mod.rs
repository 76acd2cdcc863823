//! Edits over HTTP: corrections of documents, claims that are added, corrected and deleted, mentions that were missed; each
//! with its history, undone at wish, refused where somebody else was faster.

mod body_schema;
mod claims;
mod documents;
mod mentions;

pub use body_schema::body_schema;
pub use claims::{ClaimMarks, add_claim, change_claim, claim, claim_history, undo_claim};
pub use documents::{correct_document, corrections, document_history, document_tag, undo_document};
pub use mentions::{add_mention, mention_history, take_mention_back};

use super::{
    access::Role,
    archive, auth, body,
    conditions::{self, Condition},
    documents::{READ, find, library},
    given::Members,
    operations as o,
    parameter::Query,
    parameters as p,
    problem::Problem,
    respond::{Answer, hash},
    rulings::{WRITE, author, words},
    state::App,
};
use crate::{
    geoparse::Part,
    store::{Author, ClaimEdit, Edit, EditTarget, EditVerdict, NewEdit, StoreError, edits_in_force},
};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use rustc_hash::FxHashSet;
use serde_json::{Value, json};
use std::sync::Arc;

/// Bytes that an edit may have.
const MAX_BODY: usize = 256 * 1024;
/// The longest reason, in code points.
const MAX_REASON: usize = 2000;

/// The edits of a document, oldest first; none without a store.
pub async fn of_document(app: &Arc<App>, document: &str) -> Result<Vec<Edit>, Problem> {
    if app.library().is_none() {
        return Ok(Vec::new());
    }
    let document = document.to_owned();
    archive::blocking(app, READ, move |app| Ok(library(app)?.edits(&document)?)).await
}

/// An edit as JSON.
fn edit_value(edit: &Edit, in_force: bool) -> Value {
    let author = edit.author();
    let mut value = json!({
        "id": edit.id,
        "ruling": edit.verdict.word(),
        "author": author.token.as_ref().or(author.said.as_ref()),
        "author_said": author.said,
        "reason": edit.reason,
        "time": edit.time,
        "in_force": in_force,
    });
    let places: Vec<Value> = edit
        .places
        .iter()
        .map(|place| json!({"id": place.id, "name": place.name, "point": place.point}))
        .collect();
    match &edit.verdict {
        EditVerdict::Document(fields) => {
            value["values"] = fields
                .iter()
                .map(|(field, value)| (field.name(), json!(value)))
                .collect();
        }
        EditVerdict::AddClaim(edit) | EditVerdict::CorrectClaim(edit) => {
            value["values"] = claim_values(edit);
            if edit.places.is_some() {
                value["values"]["places"] = places.into();
            }
        }
        EditVerdict::AddMention(span, _) => {
            let (part, [start, end]) = Part::of_key(*span);
            value["values"] = json!({"in": part, "byte": [start, end]});
            value["place"] = places.into_iter().next().unwrap_or_default();
        }
        EditVerdict::DeleteClaim(_) => {}
        EditVerdict::Undo(id) => value["undoes"] = (*id).into(),
    }
    value
}

fn claim_values(edit: &ClaimEdit) -> Value {
    let span = |key: [usize; 2]| {
        let (part, bytes) = Part::of_key(key);
        json!({"in": part, "byte": bytes})
    };
    let mut values = json!({});
    if let Some(kind) = edit.kind {
        values["type"] = json!(kind);
    }
    if let Some(quote) = edit.quote {
        values["quote"] = span(quote);
    }
    if let Some(figures) = &edit.figures {
        values["figures"] = json!(figures);
    }
    if let Some(speaker) = edit.speaker {
        values["speaker"] = speaker.map_or(Value::Null, span);
    }
    if let Some(days) = &edit.days {
        values["day"] = json!(days);
    }
    values
}

/// The history of a target.
fn history_of(edits: &[Edit], target: EditTarget) -> Vec<Value> {
    let force: FxHashSet<i64> = edits_in_force(edits).into_iter().map(|edit| edit.id).collect();
    let own = edits.iter().filter(|edit| edit.target == target);
    own.map(|edit| edit_value(edit, force.contains(&edit.id))).collect()
}

/// Id of the last edit of a target; 0 for none.
fn last(edits: &[Edit], target: EditTarget) -> i64 {
    let own = edits.iter().filter(|edit| edit.target == target);
    own.map(|edit| edit.id).max().unwrap_or(0)
}

/// An answer with a strong tag that names the last edit of its target, so that `If-Match` finds later ones.
pub fn tagged(
    headers: &HeaderMap,
    kind: &str,
    last: i64,
    value: &Value,
    status: StatusCode,
) -> Result<Response, Problem> {
    let tag = format!("\"{kind}-{last}-{:x}\"", hash(value.to_string().as_bytes()));
    let tag_value = HeaderValue::try_from(&tag).map_err(Problem::internal)?;
    if status == StatusCode::OK {
        match conditions::check(headers, tag.as_bytes()) {
            Condition::Holds => {}
            Condition::NotModified => {
                return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag_value)]).into_response());
            }
            Condition::Failed => return Err(Problem::precondition_failed()),
        }
    }
    let mut response = Answer::json(value).send_unconditionally(headers);
    *response.status_mut() = status;
    response.headers_mut().insert(header::ETAG, tag_value);
    Ok(response)
}

/// The edit that `If-Match` names; `None` without it, or with `*`.
pub fn expected_edit(headers: &HeaderMap, kind: &str) -> Option<i64> {
    let tag = headers.get(header::IF_MATCH)?.to_str().unwrap_or_default().trim();
    if tag == "*" {
        return None;
    }
    let rest = tag.strip_prefix(&format!("\"{kind}-"));
    let id = rest
        .and_then(|rest| rest.split('-').next())
        .and_then(|id| id.parse().ok());
    // A tag of another resource is one of a state that is no more.
    Some(id.unwrap_or(-1))
}

/// A write on its way: who and why.
struct Write {
    author: Author,
    reason: Option<String>,
}

impl Write {
    fn new(parts: &Parts, said: Option<&str>, reason: Option<&str>) -> Result<Self, Problem> {
        Ok(Self {
            author: author(parts, said)?,
            reason: reason.map(|reason| words(reason, "reason", MAX_REASON)).transpose()?,
        })
    }

    /// Of the query of a DELETE.
    fn of_query(parts: &Parts, query: &Query<'_>) -> Result<Self, Problem> {
        Self::new(parts, query.text(&p::AUTHOR), query.text(&p::REASON))
    }

    fn of_members(parts: &Parts, members: &mut Members) -> Result<Self, Problem> {
        let (said, reason) = (members.text("author")?, members.text("reason")?);
        Self::new(parts, said.as_deref(), reason.as_deref())
    }
}

async fn members(parts: &Parts, body: axum::body::Body, example: &str) -> Result<Members, Problem> {
    Query::read(parts.uri.query(), o::NONE)?;
    if body::kind(&parts.headers)? != "application/json" {
        return Err(Problem::unsupported_media_type("application/json"));
    }
    let bytes = body::whole(&parts.headers, body, MAX_BODY).await?;
    Members::read(&bytes, example)
}

/// Stores an edit.
async fn store_edit(app: &Arc<App>, new: NewEdit) -> Result<Edit, Problem> {
    // The text may be read again.
    let length = find(app, &new.document, true).await?.read.document.text.len();
    let task = super::work::Task {
        cost: WRITE.cost + length as u64,
        ..WRITE
    };
    archive::blocking(app, task, move |app| match library(app)?.edit(&new) {
        Err(StoreError::Missing(what)) => Err(Problem::not_found(format!("there is no {what}"))),
        Err(StoreError::Conflict(why)) => Err(Problem::conflict(why)),
        stored => Ok(stored?),
    })
    .await
}

/// Answers, and leaves a record of the write.
fn finish(parts: &Parts, id: &str, done: Result<(Response, Author), Problem>) -> Result<Response, Problem> {
    match done {
        Ok((response, author)) => {
            auth::done(parts, id, author.said.as_deref());
            Ok(response)
        }
        Err(problem) => {
            auth::refused(parts, &problem);
            Err(problem)
        }
    }
}

fn with_status(mut response: Response, status: StatusCode) -> Response {
    *response.status_mut() = status;
    response
}

fn with_location(mut response: Response, location: &str) -> Result<Response, Problem> {
    let location = HeaderValue::try_from(location).map_err(Problem::internal)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// The objects whose last edit in force has an address to undo it.
#[derive(Clone, Copy)]
enum Subject {
    Document,
    Claim,
}

async fn undo(app: &Arc<App>, id: &str, request: Request, subject: Subject) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    auth::may(app, &parts, Role::Rule)?;
    let done = async {
        let query = Query::read(parts.uri.query(), o::UNDO)?;
        let write = Write::of_query(&parts, &query)?;
        match subject {
            Subject::Document => documents::change_document(app, &parts, id, EditVerdict::Undo(0), write).await,
            Subject::Claim => claims::change(app, &parts, id, (EditVerdict::Undo(0), Vec::new()), write).await,
        }
    };
    finish(&parts, id, done.await)
}
