//! Times and intervals.

use super::super::{QueryError, parameters as p};
use crate::layers::TimeSpan;
use jiff::{Span, Timestamp, tz::TimeZone};

/// Reads a time or an interval: the value of `datetime`.
///
/// # Errors
/// For a text that is no RFC 3339 date or date-time, nor an interval of two or with an ISO 8601 duration; and for an
/// interval that ends before it starts.
///
/// ```
/// use mahwar_query::query::selection::datetime;
///
/// let day = datetime("2021-12-03").unwrap();
/// assert!(datetime("2021-12-01/P7D").unwrap().meets(day));
/// assert_eq!(datetime("yesterday").unwrap_err().parameter.as_deref(), Some("datetime"));
/// ```
pub fn datetime(text: &str) -> Result<TimeSpan, QueryError> {
    let wrong = || p::DATETIME.wrong(text);
    // GDAL ends a day with T where the time of day is not asked for.
    let day = |word| match word {
        word if str::len(word) == 11 => word.strip_suffix('T').unwrap_or(word),
        word => word,
    };
    let Some((start, end)) = text.split_once('/') else {
        return day(text).parse().map_err(|_| wrong());
    };
    let (start, end) = (day(start), day(end));
    let open = |word: &str| word.is_empty() || word == "..";
    if open(start) && open(end) {
        return if text == "/" {
            Err(wrong())
        } else {
            Ok(TimeSpan::ALWAYS)
        };
    }
    let is_duration = |word: &str| word.starts_with('P');
    let span = match (is_duration(start), is_duration(end)) {
        (false, true) => lasting(start, end, true),
        (true, false) => lasting(end, start, false),
        _ => TimeSpan::between((!open(start)).then_some(start), (!open(end)).then_some(end)).ok(),
    };
    let span = span.ok_or_else(wrong)?;
    if span.start > span.end {
        return Err(wrong());
    }
    Ok(span)
}

/// A span from or up to a moment that lasts as long as an ISO 8601 duration says (`P2D`, `PT36H`, `P1Y6M`).
fn lasting(moment: &str, duration: &str, forward: bool) -> Option<TimeSpan> {
    let plain = |letter: u8| letter.is_ascii_digit() || b"PYMWDTHS.".contains(&letter);
    if duration.len() > 40 || !duration.bytes().all(plain) {
        return None;
    }
    let moment: TimeSpan = moment.parse().ok()?;
    let duration: Span = duration.parse().ok()?;
    let from = if forward { moment.start } else { moment.end };
    let from = Timestamp::from_millisecond(from).ok()?.to_zoned_datetime(TimeZone::UTC);
    let to = if forward {
        from.checked_add(duration)
    } else {
        from.checked_sub(duration)
    };
    let to = to.ok()?.timestamp().as_millisecond();
    Some(if forward {
        TimeSpan { end: to, ..moment }
    } else {
        TimeSpan { start: to, ..moment }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_may_be_a_moment_and_a_duration() {
        let written_out = datetime("2021-12-01T00:00:00Z/2021-12-03T00:00:00Z").unwrap();
        assert_eq!(datetime("2021-12-01/P2D").unwrap(), written_out);
        assert_eq!(datetime("PT48H/2021-12-03T00:00:00Z").unwrap(), written_out);
        for wrong in [
            "P2D/P2D",
            "2021-12-01/P",
            "2021-12-01/PXD",
            "../P2D",
            "P2D/..",
            "2021-12-01/P99999999Y",
        ] {
            assert!(datetime(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn intervals_are_open_closed_or_wrong() {
        assert_eq!(datetime("../2021-12-31").unwrap().start, i64::MIN);
        assert_eq!(datetime("2021-01-01/").unwrap().end, i64::MAX);
        assert_eq!(datetime("../..").unwrap(), TimeSpan::ALWAYS);
        for wrong in [
            "/",
            "2021",
            "2021-12-31/2021-01-01",
            "a/b",
            "2021-01-01/2021-01-02/2021-01-03",
            "now",
        ] {
            assert_eq!(
                datetime(wrong).unwrap_err().parameter.as_deref(),
                Some("datetime"),
                "{wrong}"
            );
        }
    }
}
