//! Dates of documents and feeds, in every form that is in use, as RFC 3339.

use jiff::{
    civil::{Date, DateTime, Time},
    tz::Offset,
};

mod month;

use month::month;

/// Which number of `03/12/2021` is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DayOrder {
    DayFirst,
    MonthFirst,
    /// Nothing shows it: only dates with one reading are dates.
    Unknown,
}

/// Parses a date as an RFC 3339 full-date or date-time in UTC. If the zone is unknown, the result is the day alone. If
/// no zone is written at all, the time is in UTC, as in feed readers.
///
/// None for words that are no date. Numbers such as `03/12/2021` are day, month, year, unless the second is above 12. With
/// `AM` or `PM` behind them they are as often American: then they are a date only where one reading is possible.
pub fn read_date(text: &str) -> Option<String> {
    let order = match has_half_of_day(text) {
        true => DayOrder::Unknown,
        false => DayOrder::DayFirst,
    };
    let other = if order == DayOrder::Unknown {
        order
    } else {
        DayOrder::MonthFirst
    };
    read_date_in(text, order).or_else(|| read_date_in(text, other))
}

/// Reads a date whose numbers are in a known order: `13/12/2021` is no date where the month comes first.
pub fn read_date_in(text: &str, order: DayOrder) -> Option<String> {
    let text = plain_digits(text);
    let text = text.trim();
    if text.len() > 100 || text.is_empty() {
        return None;
    }
    iso(text).or_else(|| seconds(text)).or_else(|| words(text, order))
}

/// The order that dates of one source have: a number above 12 shows it. `Unknown` where dates contradict each other, none
/// where no date shows. Dates that say their order themselves (`2021-12-03`, `3 December`) do not count.
pub fn order_of<'d>(dates: impl Iterator<Item = &'d str>) -> Option<DayOrder> {
    let mut found = None;
    for date in dates {
        let date = plain_digits(date).trim().to_lowercase();
        let Some(([first, second, _], _)) = numbers(&date) else {
            continue;
        };
        let order = match (first > 12, second > 12) {
            (true, false) => DayOrder::DayFirst,
            (false, true) => DayOrder::MonthFirst,
            _ => continue,
        };
        match found {
            None => found = Some(order),
            Some(own) if own != order => return Some(DayOrder::Unknown),
            Some(_) => {}
        }
    }
    found
}

/// True for a date that is written in numbers whose order it does not say: `03/12/2021`.
pub fn is_undecided(text: &str) -> bool {
    let text = plain_digits(text).trim().to_lowercase();
    numbers(&text).is_some_and(|([first, second, _], _)| first <= 12 && second <= 12 && first != second)
}

/// True for a time with `AM` or `PM` in it.
fn has_half_of_day(text: &str) -> bool {
    let lower = text.to_ascii_lowercase().replace('.', "");
    let is_half = |word: &str| {
        let word = word.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ':');
        matches!(word, "am" | "pm")
    };
    lower.split_whitespace().any(is_half)
}

/// Arabic and Persian digits as ASCII, without the marks of direction.
pub fn plain_digits(text: &str) -> String {
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
    let (date, rest): (Date, &str) = if compact {
        let day = format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..8]);
        (day.parse().ok()?, &text[8..])
    } else {
        let separator = char::from(bytes[4]);
        if !matches!(separator, '-' | '/' | '.') {
            return None;
        }
        let end = text[5..]
            .find(|letter: char| !letter.is_ascii_digit())
            .map_or(text.len(), |end| 5 + end);
        if separator == '-' && end == 8 {
            // The day of the year.
            let year = Date::new(text[..4].parse().ok()?, 1, 1).ok()?;
            let day: i16 = text[5..8].parse().ok()?;
            let date = year.checked_add(jiff::Span::new().days(i32::from(day) - 1)).ok()?;
            if day == 0 || date.year() != year.year() {
                return None;
            }
            (date, &text[8..])
        } else {
            let mut parts = text[5..].splitn(2, separator);
            let month: i8 = parts.next()?.parse().ok()?;
            let rest = parts.next()?;
            let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
            let day: i8 = rest[..end].parse().ok()?;
            (Date::new(text[..4].parse().ok()?, month, day).ok()?, &rest[end..])
        }
    };
    let rest = rest.trim_start_matches(['T', 't', ' ', ',']).trim();
    if rest.is_empty() {
        return Some(date.to_string());
    }
    // The end of a day (ISO 8601).
    if let Some(after) = rest.strip_prefix("24:00") {
        let after = after.strip_prefix(":00").unwrap_or(after);
        let after = after
            .strip_prefix(".0")
            .map_or(after, |zeros| zeros.trim_start_matches('0'));
        let next = date.tomorrow().ok()?;
        return finish(
            next,
            Some(Time::midnight()),
            zone_of(&after.trim().to_ascii_lowercase()),
        );
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

/// `Fri, 03 Dec 2021 08:00:00 +0300`, `Sun Dec  5 09:00:00 2021`, `December 3, 2021`, `3 كانون الأول 2021`,
/// `03/12/2021 10:15`.
fn words(text: &str, order: DayOrder) -> Option<String> {
    let lower = text.to_lowercase();
    if let Some((parts, end)) = numbers(&lower) {
        return of_numbers(parts, &lower[end..], order);
    }
    let (month, at, end) = month(&lower)?;
    // The numbers of the time are no days and no years.
    let time = time_of_day(&lower);
    let is_date = |number: &&Number| time.is_none_or(|time| number.end <= time || number.start < at);
    let all = numbers_in(&lower);
    let before: Vec<&Number> = all.iter().filter(|number| number.end <= at).filter(is_date).collect();
    let after: Vec<&Number> = all
        .iter()
        .filter(|number| number.start >= end)
        .filter(is_date)
        .collect();
    let is_year = |number: &Number| number.end - number.start == 4;
    // Two digits are a year behind a day and a month only (RFC 822).
    let is_short_year = |number: &Number| number.end - number.start == 2;
    let year_behind_time = || {
        let start = time?;
        all.iter().find(|number| number.start > start && is_year(number))
    };
    let (day, year, rest_from) = match (before.last(), after.first()) {
        (Some(day), Some(year)) if day.value <= 31 && (is_year(year) || is_short_year(year)) => {
            (day.value, year.value, year.end)
        }
        (Some(year), Some(day)) if is_year(year) && day.value <= 31 => (day.value, year.value, day.end),
        (Some(day), None) if day.value <= 31 => (day.value, year_behind_time()?.value, end),
        (None, Some(day)) => match after.get(1).filter(|year| is_year(year)) {
            Some(year) => (day.value, year.value, year.end),
            None => (day.value, year_behind_time()?.value, day.end),
        },
        _ => return None,
    };
    let year = match year {
        0..=49 => year + 2000,
        50..=99 => year + 1900,
        other => other,
    };
    let date = Date::new(i16::try_from(year).ok()?, month, i8::try_from(day).ok()?).ok()?;
    let rest = time.filter(|time| *time >= rest_from).unwrap_or(rest_from);
    let mut rest = lower[rest..].trim_start_matches([',', ' ', '-', '|', '–']).trim();
    // The year of asctime is the last word.
    let own_year = format!(" {year}");
    if let Some(start) = rest.strip_suffix(&own_year) {
        rest = start.trim_end();
    }
    match clock(rest) {
        None => Some(date.to_string()),
        Some((time, zone)) => finish(date, Some(time), zone),
    }
}

/// Where a time of day begins: `9:05`.
fn time_of_day(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let colons = memchr::memchr_iter(b':', bytes);
    colons
        .filter(|at| bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
        .find_map(|at| {
            let digits = bytes[..at]
                .iter()
                .rev()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            (1..=2).contains(&digits).then(|| at - digits)
        })
}

/// `03/12/2021`, `3.12.2021 10:15`: the numbers, and where they end.
fn numbers(text: &str) -> Option<([i16; 3], usize)> {
    let end = text.find([' ', ',', 't']).unwrap_or(text.len());
    let separator = ['/', '.', '-']
        .into_iter()
        .find(|sign| text[..end].matches(*sign).count() == 2)?;
    let mut parts = text[..end].split(separator).map(|part| {
        let is_number = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i16>().ok().filter(|_| is_number)
    });
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    (numbers[0] <= 31).then_some((numbers, end))
}

fn of_numbers([first, second, year]: [i16; 3], rest: &str, order: DayOrder) -> Option<String> {
    let year = if year < 100 { year + 2000 } else { year };
    let date = |day: i16, month: i16| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    let date = match order {
        DayOrder::DayFirst => date(first, second),
        DayOrder::MonthFirst => date(second, first),
        DayOrder::Unknown if first == second || first > 12 => date(first, second),
        DayOrder::Unknown if second > 12 => date(second, first),
        DayOrder::Unknown => None,
    }?;
    match clock(rest.trim_start_matches([' ', ',']).trim()) {
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
    start: usize,
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
            found.push(Number { value, start, end });
        }
        at = end;
    }
    found
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
            // Report: the time of asctime was read as the year.
            ("Sun Dec  5 09:00:00 2021", "2021-12-05T09:00:00Z"),
            ("Mon Nov 15 23:10:04 UTC 2021", "2021-11-15T23:10:04Z"),
            ("2021-339", "2021-12-05"),
            ("2021-12-05T24:00:00Z", "2021-12-06T00:00:00Z"),
            ("Dim, 05 déc. 2021 09:00:00 +0100", "2021-12-05T08:00:00Z"),
            ("mar. 6 avr. 2021", "2021-04-06"),
            ("5ی کانوونی یەکەمی ٢٠٢١", "2021-12-05"),
            ("١٤ي شوباتي ٢٠٢٢", "2022-02-14"),
            ("12/13/2021 9:00 AM", "2021-12-13T09:00:00Z"),
            ("05/05/2021 9:00 PM", "2021-05-05T21:00:00Z"),
        ] {
            assert_eq!(read_date(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_number_above_twelve_tells_the_order_of_a_source() {
        let order = |dates: &[&str]| order_of(dates.iter().copied());
        assert_eq!(order(&["12/05/2021", "12/13/2021"]), Some(DayOrder::MonthFirst));
        assert_eq!(order(&["5.12.2021", "13.12.2021 10:00"]), Some(DayOrder::DayFirst));
        assert_eq!(order(&["13/12/2021", "12/13/2021"]), Some(DayOrder::Unknown));
        assert_eq!(order(&["12/05/2021", "2021-12-13", "3 May 2021"]), None);
        assert_eq!(
            read_date_in("12/05/2021", DayOrder::MonthFirst).as_deref(),
            Some("2021-12-05")
        );
        assert_eq!(read_date_in("13/05/2021", DayOrder::MonthFirst), None);
        assert_eq!(read_date_in("12/05/2021", DayOrder::Unknown), None);
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
            // Report: read as May though Americans write so.
            "12/05/2021 9:00 AM",
            "1/2/21 9:00pm",
            "2021-366",
            "2021-000",
            "Dec 5 09:00",
        ] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }
}
