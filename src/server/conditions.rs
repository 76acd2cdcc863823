//! Conditional requests (RFC 9110, section 13): which version of a resource the client has or expects.

use super::problem::Problem;
use axum::http::{HeaderMap, header};
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
    } else if let Some(date) = request.get(header::IF_UNMODIFIED_SINCE) {
        let date = date.to_str().ok().and_then(|text| httpdate::parse_http_date(text).ok());
        let changed = UNIX_EPOCH + Duration::from_secs(CHANGED.load(Ordering::Relaxed));
        // A date that cannot be read is no condition.
        if date.is_some_and(|date| changed > date) {
            return Condition::Failed;
        }
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
    fn a_write_that_expects_a_version_is_refused() {
        let mut headers = HeaderMap::new();
        assert!(check_write(&headers).is_ok());
        headers.insert(header::IF_MATCH, HeaderValue::from_static("*"));
        assert!(check_write(&headers).is_ok());
        headers.insert(header::IF_MATCH, HeaderValue::from_static("W/\"a\""));
        assert_eq!(check_write(&headers).unwrap_err().status, 412);
    }
}
