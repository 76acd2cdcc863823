//! Bodies of requests: their type, and their bytes within a limit.

use super::problem::Problem;
use crate::document::MAX_BYTES;
use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, header},
};

/// The media type without parameters, in lower case; `text/plain` when there is none.
///
/// # Errors
/// When the body says that it is text in another encoding than UTF-8.
pub fn kind(headers: &HeaderMap) -> Result<String, Problem> {
    let media = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("text/plain");
    let (kind, parameters) = media.split_once(';').unwrap_or((media, ""));
    let charset = parameters.split(';').find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    });
    match charset.as_deref() {
        None | Some("utf-8" | "utf8" | "us-ascii") => Ok(kind.trim().to_ascii_lowercase()),
        Some(_) => Err(Problem::unsupported_media_type("text in UTF-8")),
    }
}

/// Refuses a body that says that it is larger than `room`, before a byte of it is read.
pub fn check_length(headers: &HeaderMap, room: usize) -> Result<(), Problem> {
    let declared: Option<u64> = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    match declared {
        Some(length) if length > room as u64 => Err(Problem::too_large(room.min(MAX_BYTES))),
        _ => Ok(()),
    }
}

/// The whole body, or a problem as soon as it is larger than `room`.
pub async fn whole(headers: &HeaderMap, body: Body, room: usize) -> Result<Bytes, Problem> {
    check_length(headers, room)?;
    let bytes = to_bytes(body, room).await;
    bytes.map_err(|error| cut(&error, room))
}

/// A body that did not come whole: too large, or the connection broke.
fn cut(error: &axum::Error, room: usize) -> Problem {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return Problem::too_large(room.min(MAX_BYTES));
        }
        cause = error.source();
    }
    Problem::bad_request("the body did not come whole")
}
