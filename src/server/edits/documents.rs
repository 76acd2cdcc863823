//! Corrections of documents: title, publisher, date, address, language.

use super::super::{
    access::Role,
    auth,
    documents::find,
    given::Members,
    operations as o,
    problem::{Problem, echo},
    request_context::{RequestContext, Segments, Shared},
    respond::Answer,
    state::App,
};
use super::{
    Subject, Write, expected_edit, finish, history_of, last, members, of_document, store_edit, tagged, undo,
    with_status,
};
use crate::{
    ingest::checked_field,
    layers::ReadDocument,
    store::{Author, DocumentEdit, DocumentField, Edit, EditTarget, EditVerdict, NewEdit, edits_in_force},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, request::Parts},
    response::Response,
};
use serde_json::{Value, json};
use std::sync::Arc;

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
    ask: RequestContext,
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

pub(super) async fn change_document(
    app: &Arc<App>,
    parts: &Parts,
    id: &str,
    verdict: EditVerdict,
    write: Write,
) -> Result<(Response, Author), Problem> {
    find(app, id, true).await?;
    let stored = store_edit(
        app,
        NewEdit {
            document: id.to_owned(),
            target: Some(EditTarget::Document),
            verdict,
            places: Vec::new(),
            seen: expected_edit(&parts.headers, "document"),
            author: write.author.stored(),
            reason: write.reason,
        },
    );
    stored.await?;
    let visitor = auth::Visitor::of_parts(parts);
    let value = super::super::documents::value_of(app, id, true, visitor.as_deref()).await?;
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
