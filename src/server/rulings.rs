//! Rulings of analysts on mentions: made, undone, and listed with their history.

use super::{
    access::Role,
    archive, auth, body,
    documents::{READ, find, library},
    edits, given, operations as o, parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Segments, Shared, is_ruled},
    respond::Answer,
    services::DocumentRecord,
    state::App,
    work::{Task, WorkKind},
};
use crate::{
    geoparse::{Mention, Part},
    ingest::json_error,
    store::{Author, MentionRef, NewRuling, Ruling, StoreError, Verdict, in_force},
    text::printable::{is_unfit_for_a_line, is_unfit_for_lines},
};
use axum::{
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::Response,
};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Storing a ruling.
pub const WRITE: Task = Task {
    kind: WorkKind::Write,
    cost: 10_000,
};
/// Bytes that a ruling may have.
const ROOM: usize = 64 * 1024;
/// The longest author, in code points.
const MAX_AUTHOR: usize = 200;
/// The longest reason, in code points.
const MAX_REASON: usize = 2000;
/// Beginning of the tags of mentions.
const KIND: &str = "mention";

/// A ruling as a client sends it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulingBody {
    ruling: String,
    place: Option<String>,
    point: Option<Value>,
    precision: Option<String>,
    author: Option<String>,
    reason: Option<String>,
}

/// `/mentions/{mentionId}`
pub async fn mention(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let ruled = is_ruled(&ask.query(o::TOLD)?);
    let (kept, ordinal) = named(&app, &id, ruled).await?;
    let rulings = all(&app, &kept.read.document.id).await?;
    let mention = &kept.read.parse.mentions[ordinal];
    let value = with_ruling(&kept, mention, &by_span(&rulings), ruled);
    let last = last_ruling(&rulings, mention.span());
    edits::tagged(&ask.headers, KIND, last, &value, StatusCode::OK)
}

/// Id of the last ruling on a mention, also of one that takes another back; 0 for none.
fn last_ruling(rulings: &[Ruling], span: [usize; 2]) -> i64 {
    let own = rulings.iter().filter(|ruling| ruling.mention.span == span);
    own.map(|ruling| ruling.id).max().unwrap_or(0)
}

/// `/mentions/{mentionId}/rulings`
pub async fn history(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    ask.query(o::JSON_ONLY)?;
    let (kept, ordinal) = named(&app, &id, true).await?;
    let rulings = all(&app, &kept.read.document.id).await?;
    let of = kept.read.parse.mentions[ordinal].span();
    let force: FxHashSet<i64> = in_force(&rulings).into_iter().map(|ruling| ruling.id).collect();
    let told: Vec<Value> = rulings
        .iter()
        .filter(|ruling| ruling.mention.span == of)
        .map(|ruling| told(ruling, force.contains(&ruling.id)))
        .collect();
    let mut told = told;
    let edits = edits::of_document(&app, &kept.read.document.id).await?;
    told.extend(edits::mention_history(&edits, &kept.read.parse.mentions[ordinal].id));
    told.sort_by(|a, b| a["time"].as_str().cmp(&b["time"].as_str()));
    let value = json!({"mention": id, "rulings": told});
    Ok(Answer::json(&value).send(&ask.headers))
}

/// PATCH `/mentions/{mentionId}`
pub async fn rule(State(app): Shared, Segments(id): Segments<String>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    auth::may(&app, &parts, Role::Rule)?;
    let ruled = async {
        super::parameter::Query::read(parts.uri.query(), o::NONE)?;
        if body::kind(&parts.headers)? != "application/json" {
            return Err(Problem::unsupported_media_type("application/json"));
        }
        let bytes = body::whole(&parts.headers, body, ROOM).await?;
        let asked: RulingBody = serde_json::from_slice(&bytes).map_err(|error| {
            Problem::bad_request(format!(
                "the body is not JSON like {{\"ruling\": \"accept\", \"reason\": \"…\"}}: {}",
                json_error(&error)
            ))
        })?;
        let author = author(&parts, asked.author.as_deref())?;
        let reason = asked
            .reason
            .as_deref()
            .map(|reason| words(reason, "reason", MAX_REASON))
            .transpose()?;
        let seen = edits::expected_edit(&parts.headers, KIND);
        if asked.ruling == "undo" {
            let answer = take_back(&app, &id, author.clone(), reason, seen).await?;
            return Ok((answer, author));
        }
        let verdict = verdict(&app, &asked)?;
        let (kept, ordinal) = named(&app, &id, true).await?;
        if matches!(verdict, Verdict::Accept) && !has_place_as_read(&app, &id).await? {
            return Err(Problem::parameter(
                "ruling",
                "this mention has no place that could be accepted; use move with the id of a place, associative or reject",
            ));
        }
        let new = NewRuling {
            mention: MentionRef {
                document: kept.read.document.id.clone(),
                span: kept.read.parse.mentions[ordinal].span(),
            },
            verdict,
            author: author.stored(),
            reason,
            seen,
        };
        archive::blocking(&app, WRITE, move |app| match library(app)?.rule(new) {
            Err(StoreError::Conflict(why)) => Err(Problem::conflict(why)),
            stored => Ok(stored?),
        })
        .await?;
        Ok((shown_with_last(&app, &id).await?, author))
    };
    finish(&parts, &id, ruled.await)
}

/// True if the machine found a place for the mention, without regard to rulings.
async fn has_place_as_read(app: &Arc<App>, id: &str) -> Result<bool, Problem> {
    let (kept, ordinal) = named(app, id, false).await?;
    Ok(kept.read.parse.mentions[ordinal].place.is_some())
}

/// DELETE `/mentions/{mentionId}/rulings`
pub async fn undo(State(app): Shared, Segments(id): Segments<String>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    auth::may(&app, &parts, Role::Rule)?;
    let undone = async {
        let query = super::parameter::Query::read(parts.uri.query(), o::UNDO)?;
        let author = author(&parts, query.text(&p::AUTHOR))?;
        let reason = query
            .text(&p::REASON)
            .map(|reason| words(reason, "reason", MAX_REASON))
            .transpose()?;
        let seen = edits::expected_edit(&parts.headers, KIND);
        let answer = take_back(&app, &id, author.clone(), reason, seen).await?;
        Ok((answer, author))
    };
    finish(&parts, &id, undone.await)
}

/// Answers with the mention as it is now and its tag, and leaves a line in the log.
fn finish(parts: &Parts, id: &str, done: Result<((Value, i64), Author), Problem>) -> Result<Response, Problem> {
    match done {
        Ok(((value, last), author)) => {
            auth::done(parts, id, author.said.as_deref());
            // The conditions of a write are about the state before it.
            let mut response = edits::tagged(&parts.headers, KIND, last, &value, StatusCode::CREATED)?;
            *response.status_mut() = StatusCode::OK;
            Ok(response)
        }
        Err(problem) => {
            auth::refused(parts, &problem);
            Err(problem)
        }
    }
}

fn verdict(app: &App, asked: &RulingBody) -> Result<Verdict, Problem> {
    let verdict = match asked.ruling.as_str() {
        "accept" => Verdict::Accept,
        "reject" => Verdict::Reject,
        "associative" => Verdict::Associative,
        "move" => {
            let place = given::place_of(
                app,
                asked.place.as_deref(),
                asked.point.as_ref(),
                asked.precision.as_deref(),
            )?;
            let place = place.ok_or_else(|| {
                Problem::parameter(
                    "place",
                    "a ruling of move needs place, the id of a place of the gazetteer, or point with precision",
                )
            })?;
            return Ok(Verdict::Move(Box::new(place)));
        }
        other => {
            return Err(Problem::parameter(
                "ruling",
                format!(
                    "ruling does not take {:?}; it takes one of accept, reject, move, associative, undo",
                    echo(other)
                ),
            ));
        }
    };
    let others = [
        ("place", asked.place.is_some()),
        ("point", asked.point.is_some()),
        ("precision", asked.precision.is_some()),
    ];
    match others.into_iter().find(|(_, is_given)| *is_given) {
        None => Ok(verdict),
        Some((name, _)) => Err(Problem::parameter(name, format!("only a ruling of move takes {name}"))),
    }
}

/// A text of one or more lines within a length.
pub fn words(text: &str, name: &str, longest: usize) -> Result<String, Problem> {
    let text = text.trim();
    match text.chars().count() {
        count if (1..=longest).contains(&count) && !text.chars().any(is_unfit_for_lines) => Ok(text.to_owned()),
        count if (1..=longest).contains(&count) => Err(Problem::parameter(
            name,
            format!("{name} takes a text without control characters"),
        )),
        _ => Err(Problem::parameter(
            name,
            format!("{name} takes 1 to {longest} characters"),
        )),
    }
}

fn line(text: &str, name: &str, longest: usize) -> Result<String, Problem> {
    let text = words(text, name, longest)?;
    match text.chars().any(is_unfit_for_a_line) {
        false => Ok(text),
        true => Err(Problem::parameter(
            name,
            format!("{name} takes one line without control characters"),
        )),
    }
}

/// Author of a ruling: the token's name. The client's name for itself is a remark.
pub fn author(parts: &Parts, said: Option<&str>) -> Result<Author, Problem> {
    let visitor = auth::Visitor::of_parts(parts);
    Ok(Author {
        token: visitor.as_deref().and_then(auth::Visitor::name).map(str::to_owned),
        said: said.map(|said| line(said, "author", MAX_AUTHOR)).transpose()?,
    })
}

/// Takes the ruling in force back: the mention as it is then, and the id of its last ruling.
async fn take_back(
    app: &Arc<App>,
    id: &str,
    author: Author,
    reason: Option<String>,
    seen: Option<i64>,
) -> Result<(Value, i64), Problem> {
    let (kept, ordinal) = named(app, id, true).await?;
    let rulings = all(app, &kept.read.document.id).await?;
    let span = kept.read.parse.mentions[ordinal].span();
    let last = last_ruling(&rulings, span);
    if let Some(seen) = seen.filter(|seen| *seen != last) {
        return Err(Problem::conflict(format!(
            "it was ruled on since it was read: its last ruling is {last}, not {seen}"
        )));
    }
    let ruling = in_force(&rulings)
        .into_iter()
        .find(|ruling| ruling.mention.span == span)
        .map(|ruling| ruling.id);
    let Some(ruling) = ruling else {
        // An analyst may have added it.
        let document = kept.read.document.id.clone();
        let mention = kept.read.parse.mentions[ordinal].id.to_string();
        let value = edits::take_mention_back(app, &document, &mention, &author, reason).await?;
        return Ok((value, last));
    };
    // A ruling that comes between is not the one that is named here: it stays in force.
    archive::blocking(app, WRITE, move |app| {
        Ok(library(app)?.undo(ruling, &author.stored(), reason.as_deref())?)
    })
    .await?;
    shown_with_last(app, id).await
}

/// The mention as it is shown now.
pub async fn shown(app: &Arc<App>, id: &str) -> Result<Value, Problem> {
    Ok(shown_with_last(app, id).await?.0)
}

/// The mention as it is shown now, and the id of its last ruling.
async fn shown_with_last(app: &Arc<App>, id: &str) -> Result<(Value, i64), Problem> {
    let (kept, ordinal) = named(app, id, true).await?;
    let rulings = all(app, &kept.read.document.id).await?;
    let mention = &kept.read.parse.mentions[ordinal];
    let value = with_ruling(&kept, mention, &by_span(&rulings), true);
    Ok((value, last_ruling(&rulings, mention.span())))
}

/// The document and the position of the mention that an id names: `<document>-m1`.
async fn named(app: &Arc<App>, id: &str, ruled: bool) -> Result<(DocumentRecord, usize), Problem> {
    let unknown = || {
        Problem::not_found(format!(
            "there is no mention {:?}; ids are those of the layer mentions, like <document>-m1",
            echo(id)
        ))
    };
    let (document, own) = id.split_once('-').ok_or_else(unknown)?;
    let kept = find(app, document, ruled)
        .await
        .map_err(|problem| match problem.status.as_u16() {
            404 => unknown(),
            _ => problem,
        })?;
    let place = kept.read.parse.mention_index(own);
    let place = place.ok_or_else(unknown)?;
    Ok((kept, place))
}

/// The history of rulings of a document.
pub async fn all(app: &Arc<App>, document: &str) -> Result<Vec<Ruling>, Problem> {
    if app.library().is_none() {
        return Ok(Vec::new());
    }
    let document = document.to_owned();
    archive::blocking(app, READ, move |app| Ok(library(app)?.rulings(&document)?)).await
}

/// The mentions of a document, each with the ruling in force that it shows.
pub fn with_rulings(kept: &DocumentRecord, rulings: &[Ruling]) -> impl Iterator<Item = Value> {
    let force = by_span(rulings);
    let mentions = kept.read.parse.mentions.iter();
    let has_none = rulings.is_empty();
    mentions.map(move |mention| match has_none {
        true => json!(mention),
        false => with_ruling(kept, mention, &force, true),
    })
}

/// Rulings in force, by the span of their mention.
type Force<'r> = FxHashMap<[usize; 2], &'r Ruling>;

fn by_span(rulings: &[Ruling]) -> Force<'_> {
    let force = in_force(rulings).into_iter();
    force.map(|ruling| (ruling.mention.span, ruling)).collect()
}

fn with_ruling(kept: &DocumentRecord, mention: &Mention, force: &Force<'_>, ruled: bool) -> Value {
    let mut value = json!(mention);
    value["document"] = kept.read.document.id.as_str().into();
    let ruling = force.get(&mention.span()).copied();
    if let Some(ruling) = ruling.filter(|_| ruled) {
        value["ruling"] = told(ruling, true);
    }
    value
}

fn told(ruling: &Ruling, in_force: bool) -> Value {
    let author = ruling.author();
    let mut value = json!({
        "id": ruling.id,
        "ruling": ruling.verdict.word(),
        "author": author.token.as_ref().or(author.said.as_ref()),
        "author_said": author.said,
        "reason": ruling.reason,
        "time": ruling.time,
        "in_force": in_force,
        "span": Part::of_key(ruling.mention.span).1,
    });
    if Part::of_key(ruling.mention.span).0 == Part::Title {
        value["in"] = "title".into();
    }
    match &ruling.verdict {
        Verdict::Move(place) => value["place"] = json!({"id": place.id, "name": place.name}),
        Verdict::Undo(id) => value["undoes"] = (*id).into(),
        _ => {}
    }
    value
}
