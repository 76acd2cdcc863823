//! Handlers that run whole on a worker.

use super::{Task, WorkKind};
use crate::server::state::App;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Runs a handler on a worker, with all that it makes: JSON or HTML, and its compression. For handlers that read no body
/// and wait for nothing but other work, which on a worker runs at once.
pub async fn on_worker(
    State((app, kind, cost)): State<(Arc<App>, WorkKind, u64)>,
    request: Request,
    next: Next,
) -> Response {
    let runtime = Handle::current();
    let work = move |_: &super::Budget| Ok(runtime.block_on(next.run(request)));
    match app.work.run(Task { kind, cost }, work).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}
