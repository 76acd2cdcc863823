//! Dates of documents and feeds, in every form that is in use, as RFC 3339.

use jiff::{
    civil::{Date, DateTime, Time},
    tz::Offset,
};

const MONTHS: &str = include_str!("../data/months.tsv");

/// Parses a date as an RFC 3339 full-date or date-time in UTC. If the zone is unknown, the result is the day alone. If
/// no zone is written at all, the time is in UTC, as in feed readers.
///
/// None for words that are no date. Numbers such as `03/12/2021` are day, month, year, unless the second is above 12.
pub fn read_date(text: &str) -> Option<String> {
    let text = digits(text);
    let text = text.trim();
    if text.len() > 100 || text.is_empty() {
        return None;
    }
    iso(text).or_else(|| seconds(text)).or_else(|| words(text))
}

/// Arabic and Persian digits as ASCII, without the marks of direction.
fn digits(text: &str) -> String {
    let letters = text
        .chars()
        .filter(|letter| !matches!(letter, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}'));
    letters
        .map(|letter| match letter {
            '٠'..='٩' => char::from(b'0' + (letter as u32 - '٠' as u32) as u8),
            '۰'..='۹' => char::from(b'0' + (letter as u32 - '۰' as u32) as u8),
            '\u{a0}' | '\u{202f}' => ' ',
            other => other,
        })
        .collect()
}

fn in_utc(moment: DateTime, offset: Offset) -> Option<String> {
    let time = offset.to_timestamp(moment).ok()?;
    Some(Offset::UTC.to_datetime(time).strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// `2021-12-03`, `2021-12-03T08:00`, `2021-12-03 08:00:00.5+03:00`, `20211203`, `2021-12`.
fn iso(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let compact = bytes[..8].iter().all(u8::is_ascii_digit) && bytes.get(8).is_none_or(|byte| !byte.is_ascii_digit());
    let (day, rest) = if compact {
        (format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..8]), &text[8..])
    } else {
        let separator = char::from(bytes[4]);
        if !matches!(separator, '-' | '/' | '.') {
            return None;
        }
        let mut parts = text[5..].splitn(2, separator);
        let month: i8 = parts.next()?.parse().ok()?;
        let rest = parts.next()?;
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let day: i8 = rest[..end].parse().ok()?;
        (format!("{}-{month:02}-{day:02}", &text[..4]), &rest[end..])
    };
    let date: Date = day.parse().ok()?;
    let rest = rest.trim_start_matches(['T', 't', ' ', ',']).trim();
    if rest.is_empty() {
        return Some(date.to_string());
    }
    let (time, zone) = clock(rest)?;
    finish(date, Some(time), zone)
}

/// Seconds or milliseconds since 1970.
fn seconds(text: &str) -> Option<String> {
    let number: i64 = text.parse().ok()?;
    let number = match text.len() {
        9 | 10 => number,
        12 | 13 => number / 1000,
        _ => return None,
    };
    in_utc(
        Offset::UTC.to_datetime(jiff::Timestamp::from_second(number).ok()?),
        Offset::UTC,
    )
}

/// `Fri, 03 Dec 2021 08:00:00 +0300`, `December 3, 2021`, `3 كانون الأول 2021`, `03/12/2021 10:15`.
fn words(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    if let Some(date) = numbers(&lower) {
        return Some(date);
    }
    let (month, at, end) = month(&lower)?;
    let before = numbers_in(&lower[..at]);
    let after = numbers_in(&lower[end..]);
    let mut rest_from = end;
    let (day, year) = match (before.last(), after.first()) {
        (Some(day), Some(year)) if day.value <= 31 => {
            rest_from += year.end;
            (day.value, year.value)
        }
        (Some(year), Some(day)) if year.value > 31 => {
            rest_from += day.end;
            (day.value, year.value)
        }
        (None, Some(day)) => {
            let year = after.get(1)?;
            rest_from += year.end;
            (day.value, year.value)
        }
        _ => return None,
    };
    let year = match year {
        0..=49 => year + 2000,
        50..=99 => year + 1900,
        other => other,
    };
    let date = Date::new(i16::try_from(year).ok()?, month, i8::try_from(day).ok()?).ok()?;
    let rest = lower[rest_from..].trim_start_matches([',', ' ', '-', '|', '–']).trim();
    let rest = rest.trim_start_matches("at ").trim();
    match clock(rest) {
        None => Some(date.to_string()),
        Some((time, zone)) => finish(date, Some(time), zone),
    }
}

/// `03/12/2021`, `3.12.2021 10:15`.
fn numbers(text: &str) -> Option<String> {
    let end = text.find([' ', ',', 't']).unwrap_or(text.len());
    let separator = ['/', '.', '-']
        .into_iter()
        .find(|sign| text[..end].matches(*sign).count() == 2)?;
    let parts: Vec<i16> = text[..end]
        .split(separator)
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let [first, second, year] = parts[..] else { return None };
    let year = if year < 100 { year + 2000 } else { year };
    let (day, month) = if second > 12 { (second, first) } else { (first, second) };
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    match clock(text[end..].trim_start_matches([' ', ',']).trim()) {
        None => Some(date.to_string()),
        Some((time, zone)) => finish(date, Some(time), zone),
    }
}

/// A zone that is written after a time.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Zone {
    None,
    Known(Offset),
    Unknown,
}

fn finish(date: Date, time: Option<Time>, zone: Zone) -> Option<String> {
    match (time, zone) {
        (Some(time), Zone::Known(offset)) => in_utc(date.to_datetime(time), offset),
        (Some(time), Zone::None) => in_utc(date.to_datetime(time), Offset::UTC),
        _ => Some(date.to_string()),
    }
}

/// A time at the start of a text, with its zone.
fn clock(text: &str) -> Option<(Time, Zone)> {
    let end = text
        .find(|letter: char| !(letter.is_ascii_digit() || letter == ':' || letter == '.'))
        .unwrap_or(text.len());
    let mut parts = text[..end].split(':');
    let mut hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let second: i8 = match parts.next() {
        Some(second) => second.split('.').next()?.parse().ok()?,
        None => 0,
    };
    let rest = text[end..].trim().to_ascii_lowercase();
    let mut zone = rest.as_str();
    for (word, later) in [("am", 0), ("a.m.", 0), ("pm", 12), ("p.m.", 12), ("ص", 0), ("م", 12)] {
        if let Some(after) = zone
            .strip_prefix(word)
            .filter(|after| !after.starts_with(char::is_alphabetic))
        {
            hour = hour % 12 + later;
            zone = after.trim();
            break;
        }
    }
    let time = Time::new(hour, minute, second.min(59), 0).ok()?;
    Some((time, zone_of(zone.trim_matches(['(', ')', ' ']))))
}

/// `+0300`, `+03:00`, `Z`, `GMT`, `EST` (RFC 822). Other abbreviations mean several zones.
fn zone_of(text: &str) -> Zone {
    let known =
        |hours: i32, minutes: i32| Offset::from_seconds(hours * 3600 + minutes * 60).map_or(Zone::Unknown, Zone::Known);
    let text = text
        .strip_prefix("gmt")
        .or_else(|| text.strip_prefix("utc"))
        .map_or(text, |rest| if rest.is_empty() { "z" } else { rest });
    let hours = match text {
        "" => return Zone::None,
        "z" | "ut" => 0,
        "edt" => -4,
        "est" | "cdt" => -5,
        "cst" | "mdt" => -6,
        "mst" | "pdt" => -7,
        "pst" => -8,
        "cet" => 1,
        "cest" | "eet" => 2,
        "eest" | "msk" => 3,
        _ => {
            let (sign, rest) = match text.as_bytes()[0] {
                b'+' => (1, &text[1..]),
                b'-' => (-1, &text[1..]),
                _ => return Zone::Unknown,
            };
            let rest = rest.split([' ', '(']).next().unwrap_or_default().replace(':', "");
            let number = |text: &str| text.parse::<i32>().ok();
            return match (rest.len(), rest.is_ascii()) {
                (4, true) => match (number(&rest[..2]), number(&rest[2..])) {
                    (Some(hours), Some(minutes)) => known(sign * hours, sign * minutes),
                    _ => Zone::Unknown,
                },
                (1 | 2, true) => number(&rest).map_or(Zone::Unknown, |hours| known(sign * hours, 0)),
                _ => Zone::Unknown,
            };
        }
    };
    known(hours, 0)
}

struct Number {
    value: i32,
    end: usize,
}

fn numbers_in(text: &str) -> Vec<Number> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|letter: char| letter.is_ascii_digit()) {
        let start = at + start;
        let end = text[start..]
            .find(|letter: char| !letter.is_ascii_digit())
            .map_or(text.len(), |end| start + end);
        if let Ok(value) = text[start..end].parse() {
            found.push(Number { value, end });
        }
        at = end;
    }
    found
}

/// The longest name of a month in a text, with its span.
fn month(text: &str) -> Option<(i8, usize, usize)> {
    let mut best: Option<(i8, usize, usize)> = None;
    for line in MONTHS.lines().filter(|line| !line.starts_with('#')) {
        let Some((number, names)) = line.split_once('\t') else {
            continue;
        };
        let Ok(number) = number.parse() else { continue };
        for name in names.split('|') {
            for (at, _) in text.match_indices(name) {
                let end = at + name.len();
                let is_word =
                    !text[..at].ends_with(char::is_alphabetic) && !text[end..].starts_with(char::is_alphabetic);
                if is_word && best.is_none_or(|(_, start, stop)| name.len() > stop - start) {
                    best = Some((number, at, end));
                }
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_in_use_is_read() {
        for (text, expected) in [
            ("2021-12-03", "2021-12-03"),
            ("2021-12-03T08:00:00Z", "2021-12-03T08:00:00Z"),
            ("2021-12-03T08:00:00+03:00", "2021-12-03T05:00:00Z"),
            ("2021-12-03T08:00:00.123+0300", "2021-12-03T05:00:00Z"),
            ("2021-12-03 08:00:00", "2021-12-03T08:00:00Z"),
            ("2021-12-03T08:00:00", "2021-12-03T08:00:00Z"),
            ("20211203", "2021-12-03"),
            ("2021/12/3", "2021-12-03"),
            ("Fri, 03 Dec 2021", "2021-12-03"),
            ("Fri, 03 Dec 2021 08:00:00 +0300", "2021-12-03T05:00:00Z"),
            ("Fri, 3 Dec 21 08:00 GMT", "2021-12-03T08:00:00Z"),
            ("Fri, 03 Dec 2021 08:00:00 EST", "2021-12-03T13:00:00Z"),
            // AST is Arabia or the Atlantic.
            ("Fri, 03 Dec 2021 08:00:00 AST", "2021-12-03"),
            ("December 3, 2021", "2021-12-03"),
            ("Dec 3, 2021 at 4:05 PM", "2021-12-03T16:05:00Z"),
            ("3 كانون الأول 2021", "2021-12-03"),
            ("٣ ديسمبر ٢٠٢١", "2021-12-03"),
            ("٣ی کانوونی یەکەم ٢٠٢١", "2021-12-03"),
            ("03/12/2021", "2021-12-03"),
            ("12/13/2021", "2021-12-13"),
            ("3.12.2021 10:15", "2021-12-03T10:15:00Z"),
            ("1638518400", "2021-12-03T08:00:00Z"),
        ] {
            assert_eq!(read_date(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "yesterday",
            "2021",
            "32/01/2021",
            "2021-13-01",
            "Kirkuk 12",
            "maybe 3",
            "12:30",
        ] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }
}
