//! Edits over HTTP: corrections of documents, claims that are added, corrected and deleted, mentions that were missed; each
//! with its history, taken back at wish, refused where somebody else was faster.

use super::{
    access::Role,
    archive,
    ask::{Ask, Segments, Shared, is_ruled},
    auth, body,
    conditions::{self, Condition},
    documents::{READ, find, library},
    given::{self, Members},
    operations as o,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    respond::{Answer, hash},
    rulings::{WRITE, author, words},
    services::Kept,
    state::App,
};
use crate::{
    geoparse::{Claim, Part},
    ingest::checked_field,
    layers::ReadDocument,
    store::{
        Author, ClaimEdit, DocumentEdit, DocumentField, Edit, EditTarget, EditVerdict, NewEdit, StoreError,
        edits_in_force,
    },
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
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
fn told(edit: &Edit, in_force: bool) -> Value {
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
    own.map(|edit| told(edit, force.contains(&edit.id))).collect()
}

/// Id of the last edit of a target; 0 for none.
fn last(edits: &[Edit], target: EditTarget) -> i64 {
    let own = edits.iter().filter(|edit| edit.target == target);
    own.map(|edit| edit.id).max().unwrap_or(0)
}

/// The corrections of a document: for each member the declared value, the author of the correction and the reason.
pub fn corrections(edits: &[Edit], declared: Option<&ReadDocument>) -> Value {
    let mut corrections = json!({});
    for edit in edits_in_force(edits) {
        let EditVerdict::Document(fields) = &edit.verdict else {
            continue;
        };
        for (field, value) in fields {
            let author = edit.author();
            corrections[field.name()] = json!({
                "value": value,
                "declared": declared.and_then(|read| field.of(&read.document)),
                "author": author.token.as_ref().or(author.said.as_ref()),
                "author_said": author.said,
                "reason": edit.reason,
                "time": edit.time,
                "id": edit.id,
            });
        }
    }
    corrections
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

/// The tag of a document.
pub fn document_tag(headers: &HeaderMap, edits: &[Edit], value: &Value) -> Result<Response, Problem> {
    tagged(
        headers,
        "document",
        last(edits, EditTarget::Document),
        value,
        StatusCode::OK,
    )
}

/// The edit that `If-Match` names; `None` without it, or with `*`.
fn seen(headers: &HeaderMap, kind: &str) -> Option<i64> {
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
async fn keep(app: &Arc<App>, new: NewEdit) -> Result<Edit, Problem> {
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

/// PATCH `/documents/{documentId}`
pub async fn correct_document(
    State(app): Shared,
    Segments(id): Segments<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    auth::may(&app, &parts, Role::Rule)?;
    let done = async {
        let example = "{\"published\": \"2021-12-03\", \"reason\": \"…\"}";
        let mut members = members(&parts, body, example).await?;
        let write = Write::of_members(&parts, &mut members)?;
        let verdict = match members.text("ruling")?.as_deref() {
            Some("undo") if members.is_empty() => EditVerdict::Undo(0),
            Some("undo") => {
                return Err(Problem::parameter(
                    "ruling",
                    "ruling undo takes no other members than reason and author",
                ));
            }
            None | Some("correct") => EditVerdict::Document(document_edit(members)?),
            Some(other) => {
                return Err(Problem::parameter(
                    "ruling",
                    format!("ruling does not take {:?}; it takes one of correct, undo", echo(other)),
                ));
            }
        };
        change_document(&app, &parts, &id, verdict, write).await
    };
    finish(&parts, &id, done.await)
}

/// The things whose last edit in force can be taken back by an address of their own.
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
            Subject::Document => change_document(app, &parts, id, EditVerdict::Undo(0), write).await,
            Subject::Claim => change(app, &parts, id, (EditVerdict::Undo(0), Vec::new()), write).await,
        }
    };
    finish(&parts, id, done.await)
}

/// DELETE `/documents/{documentId}/rulings`
pub async fn undo_document(
    State(app): Shared,
    Segments(id): Segments<String>,
    request: Request,
) -> Result<Response, Problem> {
    undo(&app, &id, request, Subject::Document).await
}

/// GET `/documents/{documentId}/rulings`
pub async fn document_history(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: Ask,
) -> Result<Response, Problem> {
    ask.query(o::JSON_ONLY)?;
    find(&app, &id, true).await?;
    let edits = of_document(&app, &id).await?;
    let value = json!({"document": id, "rulings": history_of(&edits, EditTarget::Document)});
    Ok(Answer::json(&value).send(&ask.headers))
}

/// The members of a correction.
fn document_edit(mut members: Members) -> Result<DocumentEdit, Problem> {
    let names = DocumentField::ALL.map(|(_, name)| name).join(", ");
    let mut edit = DocumentEdit::new();
    for (field, name) in DocumentField::ALL {
        let value = match members.take(name) {
            None => continue,
            Some(Value::String(text)) => {
                Some(checked_field(name, text).map_err(|error| Problem::parameter(name, error.to_string()))?)
            }
            Some(Value::Null) if !matches!(field, DocumentField::Title | DocumentField::Language) => None,
            Some(Value::Null) => {
                return Err(Problem::parameter(
                    name,
                    format!("{name} takes a text; it cannot be cleared"),
                ));
            }
            Some(_) => {
                return Err(Problem::parameter(
                    name,
                    format!("{name} takes a text, or null to clear it"),
                ));
            }
        };
        edit.insert(field, value);
    }
    members.end(&format!("{names}, reason, author"))?;
    match edit.is_empty() {
        true => Err(Problem::bad_request(format!(
            "a correction needs at least one of {names}"
        ))),
        false => Ok(edit),
    }
}

async fn change_document(
    app: &Arc<App>,
    parts: &Parts,
    id: &str,
    verdict: EditVerdict,
    write: Write,
) -> Result<(Response, Author), Problem> {
    find(app, id, true).await?;
    let stored = keep(
        app,
        NewEdit {
            document: id.to_owned(),
            target: Some(EditTarget::Document),
            verdict,
            places: Vec::new(),
            seen: seen(&parts.headers, "document"),
            author: write.author.stored(),
            reason: write.reason,
        },
    );
    stored.await?;
    let value = super::documents::value_of(app, id, true).await?;
    let edits = of_document(app, id).await?;
    let response = tagged(
        &parts.headers,
        "document",
        last(&edits, EditTarget::Document),
        &value,
        StatusCode::CREATED,
    )?;
    Ok((with_status(response, StatusCode::OK), write.author))
}

fn with_status(mut response: Response, status: StatusCode) -> Response {
    *response.status_mut() = status;
    response
}

/// A claim that an id names.
struct Named {
    kept: Kept,
    edits: Vec<Edit>,
    number: u32,
}

impl Named {
    fn target(&self) -> EditTarget {
        EditTarget::Claim(self.number)
    }

    fn claim(&self) -> Option<&Claim> {
        let id = format!("c{}", self.number);
        self.kept.read.parse.claims.iter().find(|claim| claim.id == id)
    }

    /// True if an edit in force deletes it.
    fn is_deleted(&self) -> bool {
        let mut force = edits_in_force(&self.edits).into_iter();
        force.any(|edit| edit.target == self.target() && matches!(edit.verdict, EditVerdict::DeleteClaim(_)))
    }

    fn own_id(&self) -> String {
        format!("{}-c{}", self.kept.read.document.id, self.number)
    }

    /// The claim, or why there is none.
    fn present(&self) -> Result<&Claim, Problem> {
        match self.claim() {
            Some(claim) => Ok(claim),
            None if self.is_deleted() => Err(Problem::gone(format!(
                "claim {id} was deleted by an analyst; /claims/{id}/rulings says by whom and why, and DELETE there takes it back",
                id = self.own_id()
            ))),
            None => Err(unknown_claim(&self.own_id())),
        }
    }
}

fn unknown_claim(id: &str) -> Problem {
    Problem::not_found(format!(
        "there is no claim {:?}; ids are those of the layer claims, like <document>-c1",
        echo(id)
    ))
}

/// The claim `<document>-c1`, present or deleted.
async fn named(app: &Arc<App>, id: &str, ruled: bool) -> Result<Named, Problem> {
    let (document, own) = id.split_once('-').ok_or_else(|| unknown_claim(id))?;
    let number = own
        .strip_prefix('c')
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let number = number
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| unknown_claim(id))?;
    let kept = find(app, document, ruled)
        .await
        .map_err(|problem| match problem.status.as_u16() {
            404 => unknown_claim(id),
            _ => problem,
        })?;
    let edits = of_document(app, document).await?;
    let named = Named { kept, edits, number };
    let was_there = named.edits.iter().any(|edit| edit.target == named.target());
    match named.claim().is_some() || was_there {
        true => Ok(named),
        false => Err(unknown_claim(id)),
    }
}

/// A claim by itself: with its figures, its attribution, the edits in force and the machine's reading beside it.
async fn claim_value(app: &Arc<App>, named: &Named, ruled: bool) -> Result<Value, Problem> {
    let parse = &named.kept.read.parse;
    let claim = named.present()?;
    let mut value = json!(claim);
    value["document"] = named.kept.read.document.id.as_str().into();
    value["figures"] = json!(parse.quantities_of(claim));
    value["said"] = json!(claim.attribution.as_deref().and_then(|id| parse.attribution(id)));
    if ruled {
        let document = named.kept.read.document.id.clone();
        let machine = find(app, &document, false).await?;
        mark(&mut value, named.number, &named.edits, &machine.read);
    }
    Ok(value)
}

/// Adds the edit in force to a claim, and the machine's reading of it.
fn mark(value: &mut Value, number: u32, edits: &[Edit], machine: &ReadDocument) {
    let target = EditTarget::Claim(number);
    let mut force = edits_in_force(edits).into_iter().filter(|edit| edit.target == target);
    let Some(newest) = force.next_back() else { return };
    value["ruling"] = told(newest, true);
    let id = format!("c{number}");
    if let Some(claim) = machine.parse.claims.iter().find(|claim| claim.id == id) {
        value["machine"] = json!(claim);
        value["machine"]["figures"] = json!(machine.parse.quantities_of(claim));
    }
}

/// Marks the claims of a document that were edited, and lists those that were deleted with the machine's reading.
pub async fn mark_claims(app: &Arc<App>, id: &str, claims: &mut [Value]) -> Result<Vec<Value>, Problem> {
    let edits = of_document(app, id).await?;
    let edited: FxHashSet<u32> = edits
        .iter()
        .filter_map(|edit| match edit.target {
            EditTarget::Claim(number) => Some(number),
            _ => None,
        })
        .collect();
    if edited.is_empty() {
        return Ok(Vec::new());
    }
    let machine = find(app, id, false).await?;
    let mut present = FxHashSet::default();
    for claim in claims {
        let number = claim["id"].as_str().and_then(|id| id.get(1..)?.parse::<u32>().ok());
        if let Some(number) = number.filter(|number| edited.contains(number)) {
            present.insert(number);
            mark(claim, number, &edits, &machine.read);
        }
    }
    let mut gone: Vec<u32> = edited.difference(&present).copied().collect();
    gone.sort_unstable();
    let deleted = gone.into_iter().filter_map(|number| {
        let mut value = json!({"id": format!("c{number}")});
        mark(&mut value, number, &edits, &machine.read);
        (value["ruling"]["ruling"] == "delete").then_some(value)
    });
    Ok(deleted.collect())
}

/// GET `/claims/{claimId}`
pub async fn claim(State(app): Shared, Segments(id): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    let ruled = is_ruled(&ask.query(o::TOLD)?);
    let named = named(&app, &id, ruled).await?;
    let value = claim_value(&app, &named, ruled).await?;
    tagged(
        &ask.headers,
        "claim",
        last(&named.edits, named.target()),
        &value,
        StatusCode::OK,
    )
}

/// GET `/claims/{claimId}/rulings`
pub async fn claim_history(State(app): Shared, Segments(id): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    ask.query(o::JSON_ONLY)?;
    let named = named(&app, &id, true).await?;
    let value = json!({"claim": id, "rulings": history_of(&named.edits, named.target())});
    Ok(Answer::json(&value).send(&ask.headers))
}

const CLAIM_MEMBERS: &str = "type, quote, figures, speaker, places, place, point, precision, day, reason, author";

/// The values of a claim in a body, with the places that they name.
fn claim_edit(
    app: &App,
    read: &ReadDocument,
    mut members: Members,
    own: Option<[usize; 2]>,
) -> Result<(ClaimEdit, Vec<crate::geoparse::MentionPlace>), Problem> {
    let quote = members.take("quote");
    let quote = quote.map(|quote| given::span(read, &quote, "quote")).transpose()?;
    let kind = members.text("type")?.map(|kind| given::kind(&kind)).transpose()?;
    let figures = members.take("figures");
    let figures = figures.map(|figures| given::figures(read, &figures)).transpose()?;
    let speaker = match members.take("speaker") {
        None => None,
        Some(Value::Null) => Some(None),
        Some(speaker) => Some(Some(given::speaker(read, &speaker, quote.or(own))?)),
    };
    let days = members.take("day").map(|day| given::days(&day)).transpose()?;
    let places = given::places(app, &mut members)?;
    members.end(CLAIM_MEMBERS)?;
    let edit = ClaimEdit {
        anchor: None,
        kind,
        quote,
        figures,
        speaker,
        places: places
            .as_ref()
            .map(|places| places.iter().map(|place| place.id.clone()).collect()),
        days,
    };
    Ok((edit, places.unwrap_or_default()))
}

/// POST `/documents/{documentId}/claims`
pub async fn add_claim(
    State(app): Shared,
    Segments(id): Segments<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    auth::may(&app, &parts, Role::Rule)?;
    let done = async {
        let example =
            "{\"type\": \"casualties\", \"quote\": {\"start\": 0, \"end\": 40}, \"figures\": [], \"reason\": \"…\"}";
        let mut members = members(&parts, body, example).await?;
        let write = Write::of_members(&parts, &mut members)?;
        let kept = find(&app, &id, true).await?;
        let (edit, places) = claim_edit(&app, &kept.read, members, None)?;
        for (name, is_given) in [("type", edit.kind.is_some()), ("quote", edit.quote.is_some())] {
            if !is_given {
                return Err(Problem::parameter(
                    name,
                    format!("{name} is required for a claim that is added"),
                ));
            }
        }
        let stored = keep(
            &app,
            NewEdit {
                document: id.clone(),
                target: None,
                verdict: EditVerdict::AddClaim(edit),
                places,
                seen: None,
                author: write.author.stored(),
                reason: write.reason,
            },
        )
        .await?;
        let EditTarget::Claim(number) = stored.target else {
            return Err(Problem::internal("a claim got no number"));
        };
        let claim = format!("{id}-c{number}");
        let response = shown_claim(&app, &parts, &claim, StatusCode::CREATED).await?;
        let location = format!("{}/claims/{claim}", super::links::base(&app.settings, &parts.headers));
        Ok((with_location(response, &location)?, write.author))
    };
    finish(&parts, &id, done.await)
}

fn with_location(mut response: Response, location: &str) -> Result<Response, Problem> {
    let location = HeaderValue::try_from(location).map_err(Problem::internal)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// The claim after a write.
async fn shown_claim(app: &Arc<App>, parts: &Parts, id: &str, status: StatusCode) -> Result<Response, Problem> {
    let named = named(app, id, true).await?;
    let value = match named.is_deleted() || named.claim().is_none() {
        true => json!({"id": id, "deleted": true, "rulings": history_of(&named.edits, named.target())}),
        false => claim_value(app, &named, true).await?,
    };
    let last = last(&named.edits, named.target());
    let response = tagged(&parts.headers, "claim", last, &value, StatusCode::CREATED)?;
    Ok(with_status(response, status))
}

/// PATCH and DELETE `/claims/{claimId}`
pub async fn change_claim(
    State(app): Shared,
    Segments(id): Segments<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    auth::may(&app, &parts, Role::Rule)?;
    let done = async {
        let (write, verdict, places) = if parts.method == Method::DELETE {
            let query = Query::read(parts.uri.query(), o::DELETE_CLAIM)?;
            let named = named(&app, &id, true).await?;
            named.present()?;
            let verdict = EditVerdict::DeleteClaim(anchored(&app, &named, ClaimEdit::default()).await?);
            (Write::of_query(&parts, &query)?, verdict, Vec::new())
        } else {
            let example = "{\"type\": \"clash\", \"reason\": \"…\"}";
            let mut members = members(&parts, body, example).await?;
            let write = Write::of_members(&parts, &mut members)?;
            match members.text("ruling")?.as_deref() {
                Some("undo") if members.is_empty() => (write, EditVerdict::Undo(0), Vec::new()),
                None | Some("correct") => {
                    let named = named(&app, &id, true).await?;
                    let own = named.present()?.evidence.clone();
                    if members.is_empty() {
                        return Err(Problem::bad_request(format!(
                            "a correction needs at least one of {CLAIM_MEMBERS}"
                        )));
                    }
                    let own = own.part.key(own.offsets.byte);
                    let (edit, places) = claim_edit(&app, &named.kept.read, members, Some(own))?;
                    let edit = anchored(&app, &named, edit).await?;
                    (write, EditVerdict::CorrectClaim(edit), places)
                }
                Some(other) => {
                    return Err(Problem::parameter(
                        "ruling",
                        format!(
                            "ruling does not take {:?} here; it takes correct, or undo with nothing but reason and author",
                            echo(other)
                        ),
                    ));
                }
            }
        };
        change(&app, &parts, &id, (verdict, places), write).await
    };
    finish(&parts, &id, done.await)
}

/// DELETE `/claims/{claimId}/rulings`
pub async fn undo_claim(
    State(app): Shared,
    Segments(id): Segments<String>,
    request: Request,
) -> Result<Response, Problem> {
    undo(&app, &id, request, Subject::Claim).await
}

/// Gives an edit the span and the type of the machine's claim, which outlive a new parse.
async fn anchored(app: &Arc<App>, named: &Named, mut edit: ClaimEdit) -> Result<ClaimEdit, Problem> {
    let document = named.kept.read.document.id.clone();
    let target = named.target();
    let is_edited = named.edits.iter().any(|edit| edit.target == target);
    let id = format!("c{}", named.number);
    // Where title or date was corrected, the machine's claim is the one of the corrected document.
    let first = match is_edited {
        false => named.claim().cloned(),
        true => {
            let earlier = named.edits.iter().filter(|edit| edit.target == target);
            let mut earlier = earlier.filter_map(|edit| match &edit.verdict {
                EditVerdict::CorrectClaim(edit) | EditVerdict::DeleteClaim(edit) => edit.anchor,
                _ => None,
            });
            if let Some(anchor) = earlier.next_back() {
                edit.anchor = Some(anchor);
                return Ok(edit);
            }
            let machine = find(app, &document, false).await?;
            machine.read.parse.claims.iter().find(|claim| claim.id == id).cloned()
        }
    };
    edit.anchor = first.map(|claim| (claim.evidence.part.key(claim.evidence.offsets.byte), claim.kind));
    Ok(edit)
}

async fn change(
    app: &Arc<App>,
    parts: &Parts,
    id: &str,
    (verdict, places): (EditVerdict, Vec<crate::geoparse::MentionPlace>),
    write: Write,
) -> Result<(Response, Author), Problem> {
    let named = named(app, id, true).await?;
    let stored = keep(
        app,
        NewEdit {
            document: named.kept.read.document.id.clone(),
            target: Some(named.target()),
            verdict,
            places,
            seen: seen(&parts.headers, "claim"),
            author: write.author.stored(),
            reason: write.reason,
        },
    );
    stored.await?;
    Ok((shown_claim(app, parts, id, StatusCode::OK).await?, write.author))
}

/// POST `/documents/{documentId}/mentions`
pub async fn add_mention(
    State(app): Shared,
    Segments(id): Segments<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    auth::may(&app, &parts, Role::Rule)?;
    let done = async {
        let example = "{\"quote\": {\"start\": 10, \"end\": 16}, \"place\": \"IQG11Q04\", \"reason\": \"…\"}";
        let mut members = members(&parts, body, example).await?;
        let write = Write::of_members(&parts, &mut members)?;
        let kept = find(&app, &id, true).await?;
        let quote = members
            .take("quote")
            .ok_or_else(|| Problem::parameter("quote", "quote is required: the span of the name"))?;
        let span = given::span(&kept.read, &quote, "quote")?;
        let place = given::place(&app, &mut members)?;
        members.end("quote, place, point, precision, reason, author")?;
        let place = place.ok_or_else(|| {
            Problem::parameter(
                "place",
                "a mention needs place, the id of a place, or point with precision",
            )
        })?;
        let stored = keep(
            &app,
            NewEdit {
                document: id.clone(),
                target: None,
                verdict: EditVerdict::AddMention(span, place.id.clone()),
                places: vec![place],
                seen: None,
                author: write.author.stored(),
                reason: write.reason,
            },
        )
        .await?;
        let EditTarget::Mention(number) = stored.target else {
            return Err(Problem::internal("a mention got no number"));
        };
        let mention = format!("{id}-m{number}");
        let value = super::rulings::shown(&app, &mention).await?;
        let response = Answer::json(&value).send_unconditionally(&parts.headers);
        let location = format!(
            "{}/mentions/{mention}",
            super::links::base(&app.settings, &parts.headers)
        );
        let response = with_location(with_status(response, StatusCode::CREATED), &location)?;
        Ok((response, write.author))
    };
    finish(&parts, &id, done.await)
}

/// The edit that added a mention, while it is in force.
pub fn addition<'e>(edits: &'e [Edit], mention: &str) -> Option<&'e Edit> {
    let number = mention.strip_prefix('m')?.parse().ok()?;
    let mut force = edits_in_force(edits).into_iter();
    force.find(|edit| edit.target == EditTarget::Mention(number))
}

/// The history of a mention that was added, oldest first.
pub fn mention_history(edits: &[Edit], mention: &str) -> Vec<Value> {
    let number = mention.strip_prefix('m').and_then(|number| number.parse().ok());
    number.map_or_else(Vec::new, |number| history_of(edits, EditTarget::Mention(number)))
}

/// Takes the addition of a mention back.
///
/// # Errors
/// 404 if it was not added by an analyst, or is taken back already.
pub async fn take_mention_back(
    app: &Arc<App>,
    document: &str,
    mention: &str,
    author: &Author,
    reason: Option<String>,
) -> Result<Value, Problem> {
    let edits = of_document(app, document).await?;
    let missing = || Problem::not_found(format!("there is no ruling on {document}-{mention} to take back"));
    let target = addition(&edits, mention).ok_or_else(missing)?.target;
    let stored = keep(
        app,
        NewEdit {
            document: document.to_owned(),
            target: Some(target),
            verdict: EditVerdict::Undo(0),
            places: Vec::new(),
            seen: None,
            author: author.stored(),
            reason,
        },
    );
    stored.await?;
    let edits = of_document(app, document).await?;
    Ok(json!({"id": format!("{document}-{mention}"), "deleted": true, "rulings": mention_history(&edits, mention)}))
}

/// Bodies of the writes, for the OpenAPI document.
pub fn body_schema(operation: &str) -> Option<Value> {
    let text = json!({"type": "string", "nullable": true});
    let span = json!({"type": "object", "additionalProperties": false, "properties": {
        "start": {"type": "integer", "minimum": 0}, "end": {"type": "integer", "minimum": 0},
        "byte": {"type": "array", "items": {"type": "integer"}}, "codepoint": {"type": "array", "items": {"type": "integer"}},
        "utf16": {"type": "array", "items": {"type": "integer"}},
        "in": {"type": "string", "enum": ["text", "title"]}, "text": {"type": "string"},
    }});
    let who = json!({"reason": text, "author": text});
    let place = json!({
        "place": text, "point": {"type": "array", "items": {"type": "number"}},
        "precision": {"type": "string", "enum": ["point", "quarter", "settlement", "subdistrict", "district", "governorate"]},
    });
    let (properties, required, example): (Value, Vec<&str>, Value) = match operation {
        "correctDocument" => (
            json!({
                "title": {"type": "string"}, "publisher": text, "published": text, "source_url": text,
                "language": {"type": "string", "enum": ["ar", "ckb", "en"]},
                "ruling": {"type": "string", "enum": ["correct", "undo"]},
            }),
            Vec::new(),
            json!({"published": "2021-12-03", "reason": "the day is named on the page"}),
        ),
        "addMention" => (
            json!({"quote": span}),
            vec!["quote"],
            json!({"quote": {"start": 14, "end": 19}, "place": "IQG11Q04", "reason": "the name was missed"}),
        ),
        "addClaim" | "changeClaim" => (
            json!({
                "type": {"type": "string"}, "quote": span, "figures": {"type": "array", "items": {"type": "object"}},
                "speaker": {}, "places": {"type": "array", "items": {"type": "string"}}, "day": text,
                "ruling": {"type": "string", "enum": ["correct", "undo"]},
            }),
            match operation {
                "addClaim" => vec!["type", "quote"],
                _ => Vec::new(),
            },
            json!({
                "type": "casualties", "quote": {"start": 0, "end": 20}, "places": ["IQG11Q04"], "day": "2021-12-03",
                "figures": [{"value": 5, "unit": "person", "role": "killed", "bound": "at_least"}], "reason": "…",
            }),
        ),
        _ => return None,
    };
    let mut all = properties;
    let more = match operation {
        "correctDocument" => vec![who],
        _ => vec![who, place],
    };
    for (name, schema) in more.iter().filter_map(Value::as_object).flatten() {
        all[name] = schema.clone();
    }
    let mut schema = json!({"type": "object", "additionalProperties": false, "properties": all});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    Some(json!({"required": true, "content": {"application/json": {"schema": schema, "example": example}}}))
}
