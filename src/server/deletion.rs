//! DELETE `/documents/{documentId}`, and answers about documents that were deleted.

use super::{
    access::{Role, Visitor},
    archive, auth, conditions,
    documents::{READ, library},
    operations as o,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    request_context::{Segments, Shared},
    respond::Answer,
    rulings::{WRITE, words},
    state::App,
};
use crate::store::{Deletion, Put, StoreError};
use axum::{
    extract::{Request, State},
    response::Response,
};
use serde_json::json;
use std::sync::Arc;

/// The longest reason, in code points.
const MAX_REASON: usize = 2000;

/// DELETE `/documents/{documentId}?reason=…`
pub async fn delete(State(app): Shared, Segments(id): Segments<String>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    auth::may(&app, &parts, Role::Admin)?;
    let author = Visitor::of_parts(&parts).and_then(|visitor| visitor.name().map(str::to_owned));
    let deleted = async {
        conditions::check_write(&parts.headers)?;
        let query = Query::read(parts.uri.query(), o::DELETE_DOCUMENT)?;
        let reason = words(query.text(&p::DELETE_REASON).unwrap_or_default(), "reason", MAX_REASON)?;
        let of = id.clone();
        archive::blocking(&app, WRITE, move |app| {
            match library(app)?.delete(&of, author.as_deref(), &reason) {
                Err(StoreError::Missing(_)) => Err(Problem::not_found(format!(
                    "there is no document {:?}; see /documents",
                    echo(&of)
                ))),
                done => Ok(done?),
            }
        })
        .await
    };
    match deleted.await {
        Ok(deletion) => {
            auth::done(&parts, &id, Some(&deletion.reason));
            let value = json!({"id": deletion.id, "deleted": deletion.time, "reason": deletion.reason});
            Ok(Answer::json(&value).send_unconditionally(&parts.headers))
        }
        Err(problem) => {
            auth::refused(&parts, &problem);
            Err(problem)
        }
    }
}

/// 410 for a document that was deleted.
pub fn gone(deletion: &Deletion) -> Problem {
    Problem::gone(format!(
        "document {} was deleted on {}: {}",
        deletion.id, deletion.time, deletion.reason
    ))
}

/// 410 if a document was deleted, else another problem.
pub async fn gone_or(app: &Arc<App>, document: String, problem: Problem) -> Problem {
    if app.library().is_none() {
        return problem;
    }
    let deletion = archive::blocking(app, READ, move |app| Ok(library(app)?.deletion(&document)?)).await;
    match deletion {
        Ok(Some(deletion)) => gone(&deletion),
        _ => problem,
    }
}

/// 409 for a text that was deleted before.
pub fn refuse_deleted(put: &Put) -> Result<(), Problem> {
    match &put.deleted {
        None => Ok(()),
        Some(deletion) => Err(Problem::conflict(format!(
            "this text was document {}, which was deleted on {}: {}; with again=true in the query it is stored again",
            deletion.id, deletion.time, deletion.reason
        ))),
    }
}
