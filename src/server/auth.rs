//! Who may write: whoever shows the server's token. Every refused and every done write leaves a line in the log.

use super::{
    problem::{Problem, echo},
    state::App,
};
use axum::http::{HeaderMap, Method, header, request::Parts};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The log's target for writes: `MAHWAR_LOG=mahwar::audit=info` shows these lines alone.
pub const AUDIT: &str = "mahwar::audit";

/// Lets a write pass, or says why not.
pub fn may_write(app: &App, parts: &Parts) -> Result<(), Problem> {
    let allowed = check(app, &parts.headers);
    if let Err(problem) = &allowed {
        refused(parts, problem);
    }
    allowed
}

fn check(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(token) = app.settings.token.as_deref().filter(|token| !token.is_empty()) else {
        return Err(Problem::forbidden(
            "writes are off: the server was started without a token (MAHWAR_TOKEN)",
        ));
    };
    if app.library().is_none() {
        return Err(Problem::forbidden(
            "writes are off: the server was started without a store (--store)",
        ));
    }
    let Some(given) = headers.get(header::AUTHORIZATION) else {
        return Err(Problem::unauthorized(
            "writes need the header Authorization: Bearer <token>",
        ));
    };
    let bearer = given.as_bytes().split_at_checked(7);
    let given = bearer.and_then(|(scheme, token)| scheme.eq_ignore_ascii_case(b"bearer ").then_some(token));
    match given.map(<[u8]>::trim_ascii) {
        Some(given) if same(given, token.as_bytes()) => Ok(()),
        Some(_) => Err(Problem::unauthorized("the token is not the server's")),
        None => Err(Problem::unauthorized(
            "the Authorization header is of another scheme; writes need Bearer <token>",
        )),
    }
}

/// True if the request shows the server's token, whatever it asks.
pub fn shows_token(app: &App, headers: &HeaderMap) -> bool {
    let Some(token) = app.settings.token.as_deref().filter(|token| !token.is_empty()) else {
        return false;
    };
    let given = headers.get(header::AUTHORIZATION);
    let bearer = given.and_then(|given| given.as_bytes().split_at_checked(7));
    bearer.is_some_and(|(scheme, given)| {
        scheme.eq_ignore_ascii_case(b"bearer ") && same(given.trim_ascii(), token.as_bytes())
    })
}

/// Compares in a time that tells neither where two tokens differ nor how long they are.
fn same(given: &[u8], token: &[u8]) -> bool {
    Sha256::digest(given).ct_eq(&Sha256::digest(token)).into()
}

/// Whether a request would write, so that another site's page must not make it.
pub fn writes(method: &Method, path: &str) -> bool {
    match *method {
        Method::PATCH | Method::DELETE | Method::PUT => true,
        Method::POST => path == "/documents",
        _ => false,
    }
}

/// A line for a write that was refused.
pub fn refused(parts: &Parts, problem: &Problem) {
    tracing::warn!(
        target: AUDIT,
        method = %parts.method,
        path = %echo(parts.uri.path()),
        status = problem.status.as_u16(),
        reason = %problem.detail,
        "write refused"
    );
}

/// A line for a write that was done.
pub fn done(parts: &Parts, what: &str, author: Option<&str>) {
    tracing::info!(
        target: AUDIT,
        method = %parts.method,
        path = %echo(parts.uri.path()),
        author,
        what,
        "write done"
    );
}
