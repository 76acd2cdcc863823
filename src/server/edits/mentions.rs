//! Mentions that the reader missed.

use super::super::{
    access::Role,
    auth,
    documents::find,
    given::{self},
    problem::Problem,
    request_context::{Segments, Shared},
    respond::Answer,
    state::App,
};
use super::{Write, finish, history_of, members, of_document, store_edit, with_location, with_status};
use crate::store::{Author, Edit, EditTarget, EditVerdict, NewEdit, edits_in_force};
use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};
use std::sync::Arc;

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
        let stored = store_edit(
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
        let value = super::super::rulings::shown(&app, &mention).await?;
        let response = Answer::json(&value).send_unconditionally(&parts.headers);
        let location = format!(
            "{}/mentions/{mention}",
            super::super::links::base(&app.settings, &parts.headers)
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

/// Undoes the addition of a mention.
///
/// # Errors
/// 404 if it was not added by an analyst, or is undone already.
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
    let stored = store_edit(
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
