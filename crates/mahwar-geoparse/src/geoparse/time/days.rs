//! Arithmetic of days: the days of a date in a year, parts of a period, weeks and seasons.

use super::{
    Grain, Reason,
    calendar::Calendar,
    expression::{DateParts, Unit},
    resolve::Resolved,
};
use jiff::{
    Span, ToSpan,
    civil::{Date, Weekday},
};

pub(super) fn days(count: i32) -> Span {
    i64::from(count.clamp(-100_000, 100_000)).days()
}

pub(super) fn shifted(date: Date, count: i32, unit: Unit) -> Date {
    let most = if unit == Unit::Decade { 900 } else { 5000 };
    let count = i64::from(count.clamp(-most, most));
    let span = match unit {
        Unit::Hour => (count / 24).days(),
        Unit::Day => count.days(),
        Unit::Week => count.weeks(),
        Unit::Month => count.months(),
        Unit::Year => count.years(),
        Unit::Decade => (count * 10).years(),
    };
    date.saturating_add(span)
}

/// Days between two dates.
pub(super) fn distance(one: Date, other: Date) -> i32 {
    (one - other).get_days().abs()
}

/// 1 Monday to 7 Sunday.
pub(super) fn number(date: Date) -> u8 {
    date.weekday().to_monday_one_offset().unsigned_abs()
}

/// True if no year has such a date.
pub(super) fn never(parts: &DateParts) -> bool {
    let (Some(month), Some(day)) = (parts.month, parts.day) else {
        return false;
    };
    // 2024 and 1403 have the longest February and Esfand; every Islamic month may have 30 days.
    let most = match parts.calendar {
        Calendar::Gregorian => {
            return Calendar::Gregorian
                .day(2024, month, parts.last_day.unwrap_or(day).max(day))
                .is_err();
        }
        Calendar::Islamic => 30,
        Calendar::Persian | Calendar::Kurdish if month <= 6 => 31,
        Calendar::Persian | Calendar::Kurdish => 30,
    };
    day.max(parts.last_day.unwrap_or_default()) > most
}

/// The days of a date in a year.
pub(super) fn in_year(parts: &DateParts, year: i32) -> Result<Resolved, Reason> {
    let calendar = parts.calendar;
    if let (Some(month), Some(day)) = (parts.month, parts.day) {
        let from = calendar.day(year, month, day)?;
        let to = parts
            .last_day
            .map_or(Ok(from), |last| calendar.day(year, month, last))?;
        if parts.weekday.is_some_and(|weekday| weekday != number(from)) {
            return Err(Reason::WeekdayDiffers);
        }
        let grain = if from == to { Grain::Day } else { Grain::Interval };
        return Ok(Resolved::days(from, to, grain));
    }
    if let Some(month) = parts.month {
        let (from, to) = calendar.month(year, month)?;
        return Ok(parted(Resolved::days(from, to, Grain::Month), parts.part));
    }
    if let Some(season) = parts.season {
        return Ok(parted(self::season(year, season)?, parts.part));
    }
    if parts.decade {
        return Ok(parted(decade(year)?, parts.part));
    }
    Ok(parted(whole_year(calendar, year)?, parts.part))
}

pub(super) fn whole_year(calendar: Calendar, year: i32) -> Result<Resolved, Reason> {
    let (from, to) = calendar.year(year)?;
    Ok(Resolved {
        calendar,
        ..Resolved::days(from, to, Grain::Year)
    })
}

pub(super) fn decade(year: i32) -> Result<Resolved, Reason> {
    let (from, _) = Calendar::Gregorian.year(year)?;
    let (_, to) = Calendar::Gregorian.year(year + 9)?;
    Ok(Resolved::days(from, to, Grain::Decade))
}

/// Three months of weather: spring is March to May. Winter begins in December and is called after the year that it ends in.
pub(super) fn season(year: i32, season: u8) -> Result<Resolved, Reason> {
    let (begins, first) = match season {
        1 => (year, 3),
        2 => (year, 6),
        3 => (year, 9),
        _ => (year - 1, 12),
    };
    let from = Calendar::Gregorian.day(begins, first, 1)?;
    let to = from.saturating_add(2.months()).last_of_month();
    Ok(Resolved::days(from, to, Grain::Season))
}

/// The beginning, the middle or the end of a period: a third of it each; or a half.
pub(super) fn parted(found: Resolved, part: Option<u8>) -> Resolved {
    let (Some(from), Some(to), Some(part)) = (found.from, found.to, part) else {
        return found;
    };
    let length = distance(to, from) + 1;
    let at = |numerator: i32, denominator: i32| from.saturating_add(days(length * numerator / denominator));
    let before = |date: Date| date.yesterday().unwrap_or(date);
    // Halves and quarters of a year are whole months.
    let months = |first: i64, count: i64| {
        let from = from.saturating_add(first.months());
        (from, before(from.saturating_add(count.months())))
    };
    let gregorian = found.grain == Some(Grain::Year) && from.day() == 1 && from.month() == 1;
    let (from, to) = match part {
        4 if gregorian => months(0, 6),
        5 if gregorian => months(6, 6),
        11..=14 if gregorian => months(3 * i64::from(part - 11), 3),
        11..=14 => (at(i32::from(part) - 11, 4), before(at(i32::from(part) - 10, 4))),
        1 => (from, before(at(1, 3))),
        2 => (at(1, 3), before(at(2, 3))),
        3 => (at(2, 3), to),
        4 => (from, before(at(1, 2))),
        _ => (at(1, 2), to),
    };
    Resolved {
        from: Some(from),
        to: Some(to),
        grain: Some(Grain::Interval),
        ..found
    }
}

pub(super) fn week(day: Date, begins: Weekday) -> Resolved {
    let back = (i32::from(number(day)) - i32::from(begins.to_monday_one_offset())).rem_euclid(7);
    let from = day.saturating_add(days(-back));
    Resolved::days(from, from.saturating_add(days(6)), Grain::Week)
}

/// A time so far from a day: as fine as its unit.
pub(super) fn away(day: Date, count: i32, unit: Unit, begins: Weekday) -> Resolved {
    let date = shifted(day, count, unit);
    match unit {
        Unit::Hour | Unit::Day => Resolved::days(date, date, Grain::Day),
        Unit::Week => week(date, begins),
        Unit::Month => Resolved::days(date.first_of_month(), date.last_of_month(), Grain::Month),
        Unit::Year => Resolved::days(date.first_of_year(), date.last_of_year(), Grain::Year),
        Unit::Decade => decade(i32::from(date.year()).div_euclid(10) * 10)
            .unwrap_or_else(|reason| Resolved::unresolved(reason, Calendar::Gregorian)),
    }
}

/// Hours as the days that contain them.
pub(super) fn rounded(count: i32, unit: Unit) -> i32 {
    match unit {
        Unit::Hour => (count + 23) / 24 * 24,
        _ => count,
    }
}

/// ISO 8601: `P10M`.
pub(super) fn iso_duration(count: i32, unit: Unit) -> String {
    match unit {
        Unit::Hour => format!("PT{count}H"),
        Unit::Day => format!("P{count}D"),
        Unit::Week => format!("P{count}W"),
        Unit::Month => format!("P{count}M"),
        Unit::Year => format!("P{count}Y"),
        Unit::Decade => format!("P{}Y", count * 10),
    }
}
