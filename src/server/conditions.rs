//! Conditional requests (RFC 9110, section 13): which version of a resource the client has or expects.

use super::problem::Problem;
use axum::http::{HeaderMap, Method, header};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Result of the conditions of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// There are none, or they hold: the answer is the one without conditions.
    Holds,
    /// The client has this version: 304.
    NotModified,
    /// The client expects another version: 412.
    Failed,
}

/// The time of the last change of the served data, in seconds since 1970. Resources have no dates of their own, but none
/// is newer than this.
static CHANGED: AtomicU64 = AtomicU64::new(0);

/// Notes that the served data change now.
pub fn note_change() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    CHANGED.store(now.as_secs(), Ordering::Relaxed);
}

/// Compares the conditions of a request with the current version, in the order of RFC 9110, section 13.2.2. `If-Range`
/// comes after this.
pub fn check(request: &HeaderMap, etag: &[u8]) -> Condition {
    if request.contains_key(header::IF_MATCH) {
        if !is_listed(request, &header::IF_MATCH, |tag| is_same_strongly(tag, etag)) {
            return Condition::Failed;
        }
    } else if changed_since(request) {
        return Condition::Failed;
    }
    if request.contains_key(header::IF_NONE_MATCH)
        && is_listed(request, &header::IF_NONE_MATCH, |tag| is_same_weakly(tag, etag))
    {
        return Condition::NotModified;
    }
    Condition::Holds
}

/// Refuses a write whose client expects a version of the resource. Writable resources have weak tags only, which
/// `If-Match` never matches; `*` holds for everything that exists.
///
/// # Errors
/// 412.
pub fn check_write(request: &HeaderMap) -> Result<(), Problem> {
    let holds = !request.contains_key(header::IF_MATCH) || is_listed(request, &header::IF_MATCH, |_| false);
    match holds {
        true => Ok(()),
        false => Err(Problem::precondition_failed()),
    }
}

/// Checks the conditions of a request that is no read, before it is routed. Those that a handler checks are left to it.
///
/// A request that only computes an answer (`/geoparse`, `/reconcile`, `/table`) has no stored version: its conditions are
/// removed, since 304 is an answer to GET and HEAD alone.
///
/// # Errors
/// 412 for a write.
pub fn check_unsafe(method: &Method, writes: bool, headers: &mut HeaderMap) -> Result<(), Problem> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    if !writes {
        for name in [
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::IF_MODIFIED_SINCE,
            header::IF_UNMODIFIED_SINCE,
            header::IF_RANGE,
            header::RANGE,
        ] {
            headers.remove(name);
        }
        return Ok(());
    }
    // A list of documents has no tag that a client could have.
    let matches = *method != Method::POST
        || !headers.contains_key(header::IF_MATCH)
        || is_listed(headers, &header::IF_MATCH, |_| false);
    // Only a resource that exists can be changed or deleted.
    let is_new = *method == Method::POST || !is_listed(headers, &header::IF_NONE_MATCH, |_| false);
    let is_unmodified = headers.contains_key(header::IF_MATCH) || !changed_since(headers);
    match matches && is_new && is_unmodified {
        true => Ok(()),
        false => Err(Problem::precondition_failed()),
    }
}

/// True if the served data changed after the date of `If-Unmodified-Since`. A date that cannot be read is no condition.
fn changed_since(request: &HeaderMap) -> bool {
    let date = request
        .get(header::IF_UNMODIFIED_SINCE)
        .and_then(|date| date.to_str().ok());
    let date = date.and_then(|text| httpdate::parse_http_date(text).ok());
    let changed = UNIX_EPOCH + Duration::from_secs(CHANGED.load(Ordering::Relaxed));
    date.is_some_and(|date| changed > date)
}

/// True if the list has `*` or a tag that is the same.
fn is_listed(request: &HeaderMap, name: &header::HeaderName, is_same: impl Fn(&[u8]) -> bool) -> bool {
    request.get_all(name).iter().any(|value| {
        let value = value.as_bytes().trim_ascii();
        value == b"*" || tags(value).any(&is_same)
    })
}

/// The tags of a list. A tag in quotes may hold a comma.
fn tags(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let start = rest.iter().position(|byte| !matches!(byte, b',' | b' ' | b'\t'))?;
        rest = &rest[start..];
        let is_quoted = rest.starts_with(b"\"") || rest.starts_with(b"W/\"");
        let end = match is_quoted {
            true => {
                let open = rest.iter().position(|byte| *byte == b'"')? + 1;
                let close = rest[open..].iter().position(|byte| *byte == b'"');
                close.map_or(rest.len(), |close| open + close + 1)
            }
            false => rest.iter().position(|byte| *byte == b',').unwrap_or(rest.len()),
        };
        let (tag, after) = rest.split_at(end);
        rest = after;
        Some(tag.trim_ascii())
    })
}

fn is_same_strongly(one: &[u8], other: &[u8]) -> bool {
    one == other && !one.starts_with(b"W/")
}

fn is_same_weakly(one: &[u8], other: &[u8]) -> bool {
    let bare = |tag: &'_ [u8]| tag.strip_prefix(b"W/").map_or(tag.to_vec(), <[u8]>::to_vec);
    // Without an allocation where they are the same anyhow.
    one == other || bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn of(pairs: &[(header::HeaderName, &str)], etag: &str) -> Condition {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        check(&headers, etag.as_bytes())
    }

    #[test]
    fn if_match_compares_strongly_and_comes_first() {
        use Condition::{Failed, Holds, NotModified};
        use header::{IF_MATCH, IF_NONE_MATCH, IF_UNMODIFIED_SINCE};
        let old = "Mon, 01 Jan 2001 00:00:00 GMT";
        for (pairs, etag, expected) in [
            (vec![], "\"a\"", Holds),
            (vec![(IF_MATCH, "\"a\"")], "\"a\"", Holds),
            (vec![(IF_MATCH, "\"b\", \"a,c\" , \"a\"")], "\"a\"", Holds),
            (vec![(IF_MATCH, "\"b\""), (IF_MATCH, "\"a\"")], "\"a\"", Holds),
            (vec![(IF_MATCH, "*")], "\"a\"", Holds),
            (vec![(IF_MATCH, "\"b\"")], "\"a\"", Failed),
            (vec![(IF_MATCH, "a")], "\"a\"", Failed),
            (vec![(IF_MATCH, "")], "\"a\"", Failed),
            (vec![(IF_MATCH, "W/\"a\"")], "\"a\"", Failed),
            (vec![(IF_MATCH, "W/\"a\"")], "W/\"a\"", Failed),
            (vec![(IF_MATCH, "*")], "W/\"a\"", Holds),
            (vec![(IF_NONE_MATCH, "W/\"a\"")], "\"a\"", NotModified),
            (vec![(IF_NONE_MATCH, "\"b,c\", \"a\"")], "W/\"a\"", NotModified),
            (vec![(IF_NONE_MATCH, "*")], "\"a\"", NotModified),
            (vec![(IF_NONE_MATCH, "\"b\"")], "\"a\"", Holds),
            (vec![(IF_MATCH, "\"b\""), (IF_NONE_MATCH, "\"a\"")], "\"a\"", Failed),
            (
                vec![(IF_MATCH, "\"a\""), (IF_NONE_MATCH, "\"a\"")],
                "\"a\"",
                NotModified,
            ),
            // The tag decides where there is one.
            (vec![(IF_MATCH, "\"a\""), (IF_UNMODIFIED_SINCE, old)], "\"a\"", Holds),
            (vec![(IF_UNMODIFIED_SINCE, "yesterday")], "\"a\"", Holds),
        ] {
            note_change();
            assert_eq!(of(&pairs, etag), expected, "{pairs:?} against {etag}");
        }
    }

    #[test]
    fn if_unmodified_since_knows_the_last_change() {
        note_change();
        let since = |text: &str| of(&[(header::IF_UNMODIFIED_SINCE, text)], "\"a\"");
        for old in [
            "Mon, 01 Jan 2001 00:00:00 GMT",
            "Monday, 01-Jan-01 00:00:00 GMT",
            "Mon Jan  1 00:00:00 2001",
        ] {
            assert_eq!(since(old), Condition::Failed, "{old}");
        }
        assert_eq!(since("Fri, 01 Jan 2100 00:00:00 GMT"), Condition::Holds);
    }

    #[test]
    fn conditions_of_writes_are_checked_and_those_of_computed_answers_removed() {
        note_change();
        let old = "Mon, 01 Jan 2001 00:00:00 GMT";
        let later = "Fri, 01 Jan 2100 00:00:00 GMT";
        use header::{IF_MATCH, IF_NONE_MATCH, IF_UNMODIFIED_SINCE};
        for (method, name, value, passes) in [
            (Method::POST, IF_MATCH, "\"x\"", false),
            (Method::POST, IF_MATCH, "*", true),
            (Method::POST, IF_NONE_MATCH, "*", true),
            (Method::PATCH, IF_NONE_MATCH, "*", false),
            (Method::PATCH, IF_NONE_MATCH, "\"x\"", true),
            (Method::PATCH, IF_MATCH, "\"x\"", true),
            (Method::DELETE, IF_UNMODIFIED_SINCE, old, false),
            (Method::PATCH, IF_UNMODIFIED_SINCE, old, false),
            (Method::PATCH, IF_UNMODIFIED_SINCE, later, true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(&name, HeaderValue::from_static(value));
            assert_eq!(
                check_unsafe(&method, true, &mut headers).is_ok(),
                passes,
                "{method} {name}: {value}"
            );
            assert!(check_unsafe(&Method::POST, false, &mut headers).is_ok());
            assert!(headers.is_empty(), "{name}");
        }
    }

    #[test]
    fn a_write_that_expects_a_version_is_refused() {
        let mut headers = HeaderMap::new();
        assert!(check_write(&headers).is_ok());
        headers.insert(header::IF_MATCH, HeaderValue::from_static("*"));
        assert!(check_write(&headers).is_ok());
        headers.insert(header::IF_MATCH, HeaderValue::from_static("W/\"a\""));
        assert_eq!(check_write(&headers).unwrap_err().status, 412);
    }
}
