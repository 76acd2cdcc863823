//! Bodies of requests: their type, and their bytes within a limit.

use super::{auth, problem::Problem, state::App};
use crate::document::MAX_BYTES;
use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, header},
};
use bytes::BytesMut;
use http_body_util::BodyExt;

/// The media type without parameters, in lower case; `text/plain` when there is none.
///
/// # Errors
/// When the body says that it is text in another encoding than UTF-8.
pub fn kind(headers: &HeaderMap) -> Result<String, Problem> {
    match media_type(headers) {
        (kind, None) => Ok(kind),
        (kind, Some(charset)) if matches!(&*charset, "utf-8" | "utf8" | "us-ascii") => Ok(kind),
        _ => Err(Problem::unsupported_media_type("text in UTF-8")),
    }
}

/// The media type without parameters and the encoding that it names, both in lower case.
pub fn media_type(headers: &HeaderMap) -> (String, Option<String>) {
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
    (kind.trim().to_ascii_lowercase(), charset)
}

/// Refuses a body whose declared length is greater than `room`, before a byte of it is read.
pub fn check_length(headers: &HeaderMap, room: usize) -> Result<(), Problem> {
    let declared: Option<u64> = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    match declared {
        Some(length) if length > room as u64 => Err(Problem::too_large(room.min(MAX_BYTES))),
        _ => Ok(()),
    }
}

/// Bytes of a text that a client may send to be read: fewer without the token.
pub fn text_limit(app: &App, headers: &HeaderMap) -> usize {
    match auth::shows_token(app, headers) {
        true => MAX_BYTES,
        false => app.settings.limits.anonymous_text_bytes.min(MAX_BYTES),
    }
}

/// Bytes that a JSON document may have beside its texts: member names, a title, addresses.
const BESIDE_TEXTS: usize = 64 * 1024;

/// A whole JSON document, or a problem as soon as it holds more than `texts` bytes of texts. JSON may write a character
/// as six bytes; such an escape counts as one byte, the least that the character takes.
pub async fn whole_json(headers: &HeaderMap, mut body: Body, texts: usize) -> Result<Bytes, Problem> {
    let limit = texts.saturating_add(BESIDE_TEXTS);
    // All of it may be escapes.
    check_length(headers, limit.saturating_mul(6)).map_err(|_| Problem::too_large(texts))?;
    let mut meter = JsonMeter::default();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| cut(&error, texts))?;
        let bytes = frame.into_data().unwrap_or_default();
        meter.add(&bytes);
        if meter.length > limit {
            return Err(Problem::too_large(texts));
        }
        whole.extend_from_slice(&bytes);
    }
    Ok(whole.freeze())
}

/// Counts the bytes of a JSON document, each escape as one.
#[derive(Default)]
struct JsonMeter {
    length: usize,
    /// Bytes of an escape that do not count: one after a backslash, four more after `\u`.
    escaped: u8,
    /// True after a backslash.
    backslash: bool,
}

impl JsonMeter {
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if self.backslash {
                self.backslash = false;
                self.escaped = if byte == b'u' { 4 } else { 0 };
            } else if self.escaped > 0 && byte.is_ascii_hexdigit() {
                self.escaped -= 1;
            } else {
                self.escaped = 0;
                self.backslash = byte == b'\\';
                self.length += 1;
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_of_json_counts_as_one_byte_however_it_is_cut() {
        for (json, length) in [
            (r#"{"a":"bc"}"#, 10),
            (r#""\u0061\u00e9""#, 4),
            (r#""\n\\\"x""#, 6),
            (r#""\u00""#, 3),
            ("\"كر\"", 6),
        ] {
            for size in [1, 2, 100] {
                let mut meter = JsonMeter::default();
                json.as_bytes().chunks(size).for_each(|part| meter.add(part));
                assert_eq!(meter.length, length, "{json}");
            }
        }
    }
}
