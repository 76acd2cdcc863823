//! When a feature holds: a span of time, open or closed at each end.

use jiff::Timestamp;
use std::str::FromStr;

/// Milliseconds since 1970-01-01T00:00:00Z, both ends inclusive. A day covers its 24 hours in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeSpan {
    /// First moment; `i64::MIN` for open.
    pub start: i64,
    /// Last moment; `i64::MAX` for open.
    pub end: i64,
}

/// Not an RFC 3339 date or date-time.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is neither a date (2021-12-03) nor a date-time (2021-12-03T10:00:00Z)")]
pub struct NotATime(pub String);

const LAST_OF_DAY: i64 = 86_400_000 - 1;

impl TimeSpan {
    /// All of time.
    pub const ALWAYS: Self = Self {
        start: i64::MIN,
        end: i64::MAX,
    };

    /// From the start of one date or date-time to the end of another; `None` is open.
    pub fn between(start: Option<&str>, end: Option<&str>) -> Result<Self, NotATime> {
        Ok(Self {
            start: start.map_or(Ok(i64::MIN), |text| text.parse().map(|span: Self| span.start))?,
            end: end.map_or(Ok(i64::MAX), |text| text.parse().map(|span: Self| span.end))?,
        })
    }

    /// Whether the two have a moment in common.
    pub fn meets(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}

impl FromStr for TimeSpan {
    type Err = NotATime;

    /// The span of one RFC 3339 full-date (a day) or date-time (a moment).
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let wrong = || NotATime(text.to_owned());
        // jiff takes more than RFC 3339 has (weeks, bracketed zones, spaces); the length and the letters bound it.
        let plain = |c: u8| c.is_ascii_digit() || matches!(c, b'-' | b'+' | b':' | b'.' | b'T' | b't' | b'Z' | b'z');
        if text.len() < 10 || text.len() > 35 || !text.bytes().all(plain) {
            return Err(wrong());
        }
        if text.len() == 10 {
            let midnight: Timestamp = format!("{text}T00:00:00Z").parse().map_err(|_| wrong())?;
            let start = midnight.as_millisecond();
            return Ok(Self {
                start,
                end: start + LAST_OF_DAY,
            });
        }
        let moment: Timestamp = text.parse().map_err(|_| wrong())?;
        let at = moment.as_millisecond();
        Ok(Self { start: at, end: at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_covers_its_24_hours() {
        let day: TimeSpan = "2021-12-03".parse().unwrap();
        let noon: TimeSpan = "2021-12-03T12:00:00Z".parse().unwrap();
        let next: TimeSpan = "2021-12-04T00:00:00+00:00".parse().unwrap();
        assert!(day.meets(noon));
        assert!(!day.meets(next));
    }

    #[test]
    fn what_is_no_rfc_3339_time_is_refused() {
        for text in [
            "",
            "2021",
            "2021-13-01",
            "2021-12-03T25:00:00Z",
            "2021-W01-1",
            "yesterday!",
            "2021-12-03 10:00:00Z",
            "٢٠٢١-١٢-٠٣",
        ] {
            assert!(text.parse::<TimeSpan>().is_err(), "{text}");
        }
    }
}
