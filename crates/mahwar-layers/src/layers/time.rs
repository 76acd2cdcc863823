//! Validity of a feature in time: a span, open or closed at each end.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};
use std::{borrow::Cow, str::FromStr};

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
    ///
    /// ```
    /// use mahwar_layers::layers::TimeSpan;
    /// let since = TimeSpan::between(Some("2021-12-03"), None).unwrap();
    /// assert!(since.meets("2024-01-01".parse().unwrap()));
    /// ```
    pub fn between(start: Option<&str>, end: Option<&str>) -> Result<Self, NotATime> {
        Ok(Self {
            start: start.map_or(Ok(i64::MIN), |text| text.parse().map(|span: Self| span.start))?,
            end: end.map_or(Ok(i64::MAX), |text| text.parse().map(|span: Self| span.end))?,
        })
    }

    /// The span of a time as files and programs write it: see [`rfc3339`].
    ///
    /// ```
    /// use mahwar_layers::layers::TimeSpan;
    /// let read = |text| TimeSpan::of_client(text).unwrap();
    /// assert_eq!(read("2024-01-05 10:00"), read("2024-01-05T10:00:00Z"));
    /// assert_eq!(read("2017-10-16T"), read("2017-10-16"));
    /// ```
    ///
    /// # Errors
    /// A text that is no time.
    pub fn of_client(text: &str) -> Result<Self, NotATime> {
        rfc3339(text).ok_or_else(|| NotATime(text.to_owned()))?.parse()
    }

    /// True if the two have a moment in common.
    ///
    /// ```
    /// use mahwar_layers::layers::TimeSpan;
    /// let day: TimeSpan = "2021-12-03".parse().unwrap();
    /// assert!(day.meets("2021-12-03T10:00:00Z".parse().unwrap()));
    /// assert!(!day.meets("2021-12-04".parse().unwrap()));
    /// ```
    pub fn meets(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}

impl FromStr for TimeSpan {
    type Err = NotATime;

    /// The span of one RFC 3339 full-date (a day) or date-time (a moment).
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let wrong = || NotATime(text.to_owned());
        // A plus that was not percent-encoded arrives as a blank: `…T03:00:00 03:00`.
        let repaired = match text.split_once(' ') {
            Some((moment, offset)) if moment.contains(['T', 't']) && offset.len() == 5 => {
                Some(format!("{moment}+{offset}"))
            }
            _ => None,
        };
        let text = repaired.as_deref().unwrap_or(text);
        // jiff accepts more than RFC 3339 (weeks, bracketed zones, spaces); the length and the letters restrict it.
        let plain = |c: u8| c.is_ascii_digit() || matches!(c, b'-' | b'+' | b':' | b'.' | b'T' | b't' | b'Z' | b'z');
        if text.len() < 10 || text.len() > 35 || !text.bytes().all(plain) {
            return Err(wrong());
        }
        if text.len() == 10 {
            let date: Date = text.parse().map_err(|_| wrong())?;
            let start = midnight(date).ok_or_else(wrong)?;
            return Ok(Self {
                start,
                end: start + LAST_OF_DAY,
            });
        }
        let at = match text.parse::<Timestamp>() {
            Ok(moment) => moment.as_millisecond(),
            // The last two days of the year 9999 are beyond the library's timestamps, but not beyond RFC 3339.
            Err(_) => utc(text).ok_or_else(wrong)?,
        };
        Ok(Self { start: at, end: at })
    }
}

/// A time as a full-date or date-time of RFC 3339: year, month and day with `-` or `/` between; then, after `T` or a blank,
/// hours, minutes and, where they are given, seconds; then `Z`, `+03`, `+0300` or `+03:00`. A time without a zone counts as
/// UTC. [`None`] for every other text.
pub fn rfc3339(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim();
    if text.parse::<TimeSpan>().is_ok() {
        return Some(Cow::Borrowed(text));
    }
    let (day, rest) = text.split_at_checked(10)?;
    let day = match day.as_bytes() {
        [_, _, _, _, b'/', _, _, b'/', _, _] => Cow::Owned(day.replace('/', "-")),
        _ => Cow::Borrowed(day),
    };
    day.parse::<Date>().ok()?;
    if matches!(rest, "" | "T" | "t") {
        return Some(Cow::Owned(day.into_owned()));
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?.trim_start();
    let zone_at = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(zone_at);
    let seconds = match clock.matches(':').count() {
        1 => ":00",
        2 => "",
        _ => return None,
    };
    let zone = match zone.trim() {
        "" | "Z" | "z" => "Z".to_owned(),
        offset => {
            let (sign, digits) = offset
                .split_at_checked(1)
                .filter(|(sign, _)| matches!(*sign, "+" | "-"))?;
            match digits.as_bytes() {
                [_, _] => format!("{sign}{digits}:00"),
                [_, _, b':', _, _] => offset.to_owned(),
                [_, _, _, _] if digits.is_ascii() => format!("{sign}{}:{}", &digits[..2], &digits[2..]),
                _ => return None,
            }
        }
    };
    let written = format!("{day}T{clock}{seconds}{zone}");
    written.parse::<TimeSpan>().ok()?;
    Some(Cow::Owned(written))
}

/// Milliseconds from 1970 to the start of a day in UTC.
fn midnight(date: Date) -> Option<i64> {
    let span = Date::constant(1970, 1, 1).until(date).ok()?;
    Some(i64::from(span.get_days()) * (LAST_OF_DAY + 1))
}

/// Milliseconds from 1970 to a date-time in UTC.
fn utc(text: &str) -> Option<i64> {
    let moment: DateTime = text.strip_suffix(['Z', 'z'])?.parse().ok()?;
    let time = moment.time();
    let seconds = (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60 + i64::from(time.second());
    Some(midnight(moment.date())? + seconds * 1000 + i64::from(time.millisecond()))
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
    fn the_last_days_of_rfc_3339_are_times() {
        let day: TimeSpan = "9999-12-31".parse().unwrap();
        let moment: TimeSpan = "9999-12-31T23:59:59.999Z".parse().unwrap();
        assert_eq!(day.end, moment.start);
        let day: TimeSpan = "0001-01-01".parse().unwrap();
        let moment: TimeSpan = "0001-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(day.start, moment.start);
    }

    #[test]
    fn a_plus_that_was_not_encoded_is_a_plus() {
        let raw: TimeSpan = "2015-01-01T03:00:00 03:00".parse().unwrap();
        let encoded: TimeSpan = "2015-01-01T03:00:00+03:00".parse().unwrap();
        assert_eq!(raw, encoded);
    }

    #[test]
    fn times_of_programs_become_those_of_rfc_3339() {
        for (text, expected) in [
            ("2024-01-05", "2024-01-05"),
            ("2024/01/05", "2024-01-05"),
            ("2017-10-16T", "2017-10-16"),
            ("2024-01-05 10:00", "2024-01-05T10:00:00Z"),
            ("2024-01-05T10:00:30", "2024-01-05T10:00:30Z"),
            ("2014/06/10 12:00:00+00", "2014-06-10T12:00:00+00:00"),
            ("2014/06/10 12:00:00.250 +0300", "2014-06-10T12:00:00.250+03:00"),
            ("2024-01-06T11:30:00-03:30", "2024-01-06T11:30:00-03:30"),
        ] {
            assert_eq!(rfc3339(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "2024",
            "2024-01",
            "2024-13-05",
            "2024-01-05X",
            "2024-01-05 10",
            "2024-01-05 25:00",
            "05/01/2024",
            "2024-01-05 10:00 Baghdad",
            "2024-01-05/2024-01-06",
            "٢٠٢٤-٠١-٠٥",
        ] {
            assert_eq!(rfc3339(text), None, "{text}");
        }
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
