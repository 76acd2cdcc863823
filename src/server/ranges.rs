//! Files over HTTP: one range of bytes, or all of them (RFC 9110, 13 and 14).

use super::{
    conditions::{self, Condition},
    problem::Problem,
};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use std::num::IntErrorKind;

/// True if the request is for a part of the file that the tag names. A condition that names another version, or a time,
/// asks for the whole; so does HEAD, for which ranges have no meaning.
pub fn wants_part(method: &Method, request: &HeaderMap, etag: &HeaderValue) -> bool {
    method == Method::GET
        && request.contains_key(header::RANGE)
        && request.get(header::IF_RANGE).is_none_or(|condition| condition == etag)
}

/// The file or the part of it that is asked for. `head` has the headers that both have.
pub fn send(body: Bytes, etag: &HeaderValue, mut head: HeaderMap, method: &Method, request: &HeaderMap) -> Response {
    head.insert(header::ETAG, etag.clone());
    match conditions::check(request, etag.as_bytes()) {
        Condition::Holds => {}
        Condition::NotModified => return unchanged(head),
        Condition::Failed => return Problem::precondition_failed().into_response(),
    }
    let length = body.len();
    let range = request.get(header::RANGE).and_then(|range| range.to_str().ok());
    let asked = match range.filter(|_| wants_part(method, request, etag)) {
        Some(range) => range_of(range, length),
        None => RequestedRange::Everything,
    };
    let (status, body, range) = match asked {
        RequestedRange::Everything => (StatusCode::OK, Body::from(body), None),
        RequestedRange::Part(first, last) => (
            StatusCode::PARTIAL_CONTENT,
            Body::from(body.slice(first..=last)),
            Some(format!("bytes {first}-{last}/{length}")),
        ),
        RequestedRange::Nothing => {
            head.remove(header::CONTENT_DISPOSITION);
            (
                StatusCode::RANGE_NOT_SATISFIABLE,
                Body::empty(),
                Some(format!("bytes */{length}")),
            )
        }
    };
    if let Some(range) = range.and_then(|range| HeaderValue::try_from(range).ok()) {
        head.insert(header::CONTENT_RANGE, range);
    }
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = head;
    response
}

/// 304: the client has it.
pub fn unchanged(mut head: HeaderMap) -> Response {
    head.remove(header::CONTENT_DISPOSITION);
    head.remove(header::CONTENT_TYPE);
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.headers_mut() = head;
    response
}

#[derive(Debug, PartialEq)]
enum RequestedRange {
    Everything,
    Part(usize, usize),
    Nothing,
}

/// One range of bytes; several, or an unreadable one, count as all (RFC 9110, 14.2).
fn range_of(range: &str, length: usize) -> RequestedRange {
    let parts = range
        .split_once('=')
        .filter(|(unit, _)| unit.eq_ignore_ascii_case("bytes"));
    let Some((first, last)) = parts.and_then(|(_, range)| range.trim().split_once('-')) else {
        return RequestedRange::Everything;
    };
    let number = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse::<u64>())
    };
    let end = length as u64;
    match (number(first.trim()), number(last.trim())) {
        (Some(Ok(first)), Some(Ok(last))) if first > last => RequestedRange::Everything,
        (Some(Ok(first)), Some(last)) if first < end => match last {
            Ok(last) => RequestedRange::Part(first as usize, last.min(end - 1) as usize),
            // A number beyond 64 bits, or none: to the end.
            Err(_) => RequestedRange::Part(first as usize, length - 1),
        },
        (Some(Ok(_)), Some(_)) => RequestedRange::Nothing,
        (Some(Err(_)), Some(last)) if first.trim().is_empty() => match last {
            Ok(0) => RequestedRange::Nothing,
            Ok(_) if length == 0 => RequestedRange::Nothing,
            Ok(last) => RequestedRange::Part(end.saturating_sub(last) as usize, length - 1),
            Err(error) if *error.kind() == IntErrorKind::PosOverflow && length > 0 => {
                RequestedRange::Part(0, length - 1)
            }
            Err(_) => RequestedRange::Everything,
        },
        // A beginning beyond 64 bits is beyond the end.
        (Some(Err(_)), Some(_)) => RequestedRange::Nothing,
        _ => RequestedRange::Everything,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_refused_or_ignored() {
        assert_eq!(range_of("bytes=0-9", 100), RequestedRange::Part(0, 9));
        assert_eq!(range_of("Bytes=0-9", 100), RequestedRange::Part(0, 9));
        assert_eq!(range_of("bytes=90-", 100), RequestedRange::Part(90, 99));
        assert_eq!(range_of("bytes=-10", 100), RequestedRange::Part(90, 99));
        assert_eq!(range_of("bytes=-1000", 100), RequestedRange::Part(0, 99));
        assert_eq!(
            range_of("bytes=-99999999999999999999999", 100),
            RequestedRange::Part(0, 99)
        );
        assert_eq!(range_of("bytes=50-500", 100), RequestedRange::Part(50, 99));
        assert_eq!(
            range_of("bytes=50-99999999999999999999999", 100),
            RequestedRange::Part(50, 99)
        );
        assert_eq!(range_of("bytes=100-", 100), RequestedRange::Nothing);
        assert_eq!(range_of("bytes=100-200", 100), RequestedRange::Nothing);
        assert_eq!(range_of("bytes=99999999999999999999999-", 100), RequestedRange::Nothing);
        assert_eq!(range_of("bytes=-0", 100), RequestedRange::Nothing);
        assert_eq!(range_of("bytes=-5", 0), RequestedRange::Nothing);
        for ignored in [
            "bytes=0-1,5-6",
            "bytes=9-0",
            "lines=1-2",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=+1-2",
            "bytes 1-2",
        ] {
            assert_eq!(range_of(ignored, 100), RequestedRange::Everything, "{ignored}");
        }
    }
}
