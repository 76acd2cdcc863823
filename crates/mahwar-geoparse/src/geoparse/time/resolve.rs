//! From the meaning of an expression to the days that it names.

use super::{
    Grain, Reason, Reference,
    calendar::{Calendar, Wrong},
    expression::{DateParts, Expression, Unit, Which},
};
use jiff::{
    Span, ToSpan,
    civil::{Date, Weekday},
};

/// A date without a year lies at most this many days ahead of the publication, unless the sentence is about the future.
const DAYS_AHEAD: i32 = 14;
/// The weekday beside "yesterday" may differ by a day: texts are published after midnight.
const MIDNIGHT_DAYS: i32 = 1;

/// A date with its weekday and without its year lies at most so far from the publication: the same date of another year has
/// another weekday, and a wrong weekday is no reason to look there.
const WEEKDAY_DAYS: i32 = 300;
/// A date that only some years have (29 February) lies at most so far from the publication.
const RARE_DAYS: i32 = 900;

/// Years that news name in the Islamic or the Persian calendar, and that no word says to be Gregorian.
const UNSAID_YEARS: std::ops::RangeInclusive<i32> = 1300..=1500;

/// The days of an expression.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Resolved {
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
    pub(super) calendar: Calendar,
    pub(super) reference: Option<Reference>,
    pub(super) reason: Option<Reason>,
    pub(super) grain: Option<Grain>,
    pub(super) duration: Option<String>,
}

/// Times and settings that an expression is resolved against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'c> {
    pub(super) published: Option<Date>,
    /// The times of the text so far.
    pub(super) earlier: &'c [Resolved],
    /// Position of the last of them that names its year, in the same paragraph.
    pub(super) dated: Option<usize>,
    /// The sentence is about the future.
    pub(super) future: bool,
    pub(super) week_begins: Weekday,
}

fn days(count: i32) -> Span {
    i64::from(count.clamp(-100_000, 100_000)).days()
}

fn shifted(date: Date, count: i32, unit: Unit) -> Date {
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

impl Resolved {
    fn unresolved(reason: Reason, calendar: Calendar) -> Self {
        Self {
            reason: Some(reason),
            calendar,
            ..Self::default()
        }
    }

    fn days(from: Date, to: Date, grain: Grain) -> Self {
        Self {
            from: Some(from),
            to: Some(to),
            grain: Some(grain),
            ..Self::default()
        }
    }

    fn against(mut self, reference: Reference) -> Self {
        self.reference.get_or_insert(reference);
        self
    }
}

impl From<Wrong> for Reason {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::NoSuchDay => Self::NoSuchDate,
            Wrong::OutOfRange => Self::OutsideCalendar,
            Wrong::NotBuilt => Self::CalendarNotBuilt,
        }
    }
}

impl Context<'_> {
    pub(super) fn resolve(&self, expression: &Expression) -> Resolved {
        match expression {
            Expression::Date(parts) => self.date(parts),
            Expression::Shift { days, weekday } => self.shift(*days, *weekday),
            Expression::ShiftYear(years) => self.published(|day| {
                let year = i32::from(day.year()) + years;
                whole_year(Calendar::Gregorian, year)
            }),
            Expression::Weekday { weekday, which } => self.weekday(*weekday, *which),
            Expression::Period { unit, which, part } => self.period(*unit, *which, *part),
            Expression::DayOfMonth { day, which, weekday } => self.published(|base| {
                let step = match which {
                    Which::Last => -1,
                    Which::This => 0,
                    Which::Next => 1,
                };
                let month = base.first_of_month().saturating_add(i64::from(step).months());
                in_year(
                    &DateParts {
                        month: Some(month.month().unsigned_abs()),
                        day: Some(*day),
                        weekday: *weekday,
                        ..DateParts::default()
                    },
                    i32::from(month.year()),
                )
            }),
            Expression::Span { count, unit, which } => self.span(*count, *unit, *which),
            Expression::Duration { count, unit } => self.duration(*count, *unit),
            Expression::Away { count, unit } => self.published(|day| Ok(away(day, *count, *unit, self.week_begins))),
            Expression::From { count, unit } => self.since_other(*count, *unit),
            Expression::Event => Resolved::unresolved(Reason::CountedFromEvent, Calendar::Gregorian),
            Expression::Vague => Resolved::unresolved(Reason::Vague, Calendar::Gregorian),
            Expression::Feast {
                calendar,
                month,
                day,
                year,
            } => self.date(&DateParts {
                calendar: *calendar,
                month: Some(*month),
                day: Some(*day),
                year: *year,
                ..DateParts::default()
            }),
            Expression::Between(one, other) => self.between(one, other),
            Expression::Since(inner) => {
                let mut found = self.resolve(inner);
                if found.from.is_some() {
                    // Up to the day on which it was written.
                    found.to = self.published.filter(|day| found.from.is_some_and(|from| from <= *day));
                    if found.to.is_some() {
                        found.reference.get_or_insert(Reference::Published);
                    }
                    found.grain = Some(Grain::Interval);
                }
                found
            }
            Expression::Until(inner) => {
                let found = self.resolve(inner);
                Resolved {
                    from: None,
                    grain: found.grain.map(|_| Grain::Interval),
                    ..found
                }
            }
            Expression::Before(inner) => {
                let found = self.resolve(inner);
                Resolved {
                    from: None,
                    to: found.from.and_then(|from| from.yesterday().ok()),
                    grain: found.grain.map(|_| Grain::Interval),
                    ..found
                }
            }
            Expression::After(inner) => {
                let found = self.resolve(inner);
                let from = found.to.and_then(|to| to.tomorrow().ok());
                let to = self.published.filter(|day| from.is_some_and(|from| from <= *day));
                Resolved {
                    from,
                    to,
                    grain: found.grain.map(|_| Grain::Interval),
                    reference: found.reference.or(to.map(|_| Reference::Published)),
                    ..found
                }
            }
        }
    }

    fn published(&self, resolve: impl FnOnce(Date) -> Result<Resolved, Reason>) -> Resolved {
        match self.published {
            None => Resolved::unresolved(Reason::NoPublicationDate, Calendar::Gregorian),
            Some(day) => match resolve(day) {
                Ok(found) => found.against(Reference::Published),
                Err(reason) => Resolved::unresolved(reason, Calendar::Gregorian),
            },
        }
    }

    // ------------------------------------------------------------------ dates

    fn date(&self, parts: &DateParts) -> Resolved {
        let calendar = parts.calendar;
        let unresolved = |reason| Resolved::unresolved(reason, calendar);
        if parts.short_year {
            return unresolved(Reason::TwoDigitYear);
        }
        if parts.before_era {
            return unresolved(Reason::OutsideCalendar);
        }
        if let Some(shift) = parts.year_shift {
            return self.published(|day| in_year(parts, calendar.year_of(day) + shift));
        }
        if let Some(year) = parts.year {
            if !calendar.takes_year(year) {
                return unresolved(Reason::OutsideCalendar);
            }
            if calendar == Calendar::Gregorian && UNSAID_YEARS.contains(&year) {
                return unresolved(Reason::CalendarNotSaid);
            }
            return match in_year(parts, year) {
                Ok(found) => Resolved { calendar, ..found },
                Err(reason) => unresolved(reason),
            };
        }
        // A day that no year has is an error even if the year is unknown.
        if never(parts) {
            return unresolved(Reason::NoSuchDate);
        }
        let (base, reference) = match (self.dated.and_then(|at| self.earlier[at].from), self.published) {
            (Some(base), _) if self.dated_counts(base) && parts.which.is_none() => {
                (base, Reference::Time(self.dated.unwrap_or_default()))
            }
            (_, Some(day)) => (day, Reference::Published),
            _ => return unresolved(Reason::NoPublicationDate),
        };
        match self.nearest(parts, base, reference) {
            Ok(found) => Resolved { calendar, ..found }.against(reference),
            Err(reason) => unresolved(reason),
        }
    }

    /// True if a date of the text determines the year better than the publication does.
    fn dated_counts(&self, base: Date) -> bool {
        self.published.is_none_or(|day| base.year() != day.year())
    }

    /// The date without its year in the year that is meant.
    fn nearest(&self, parts: &DateParts, base: Date, reference: Reference) -> Result<Resolved, Reason> {
        let year = parts.calendar.year_of(base);
        let candidates: Vec<Resolved> = (year - 4..=year + 4)
            .filter_map(|year| in_year(parts, year).ok())
            .collect();
        let near = |candidate: &&Resolved, ahead: i32| {
            candidate
                .from
                .is_some_and(|from| from <= base.saturating_add(days(ahead)))
        };
        let ends_before = |candidate: &&Resolved| candidate.to.is_some_and(|to| to < base);
        let begins_after = |candidate: &&Resolved| candidate.from.is_some_and(|from| from > base);
        let chosen = match (parts.which, reference) {
            (Some(Which::Last), _) => candidates.iter().rev().find(ends_before),
            (Some(Which::Next), _) => candidates.iter().find(begins_after),
            (Some(Which::This), _) => candidates
                .iter()
                .find(|one| one.from.is_some_and(|from| parts.calendar.year_of(from) == year)),
            (None, Reference::Time(_)) => candidates
                .iter()
                .min_by_key(|one| one.from.map_or(i32::MAX, |from| distance(from, base))),
            (None, Reference::Published) if self.future => {
                candidates.iter().find(|one| one.to.is_some_and(|to| to >= base))
            }
            (None, Reference::Published) => candidates.iter().rev().find(|one| near(one, DAYS_AHEAD)),
        };
        let found = chosen.cloned().ok_or(Reason::NoSuchDate)?;
        // A day further back than a few years is one that only some years have.
        let away = found.from.map_or(0, |from| distance(from, base));
        match parts.weekday {
            Some(_) if away > WEEKDAY_DAYS => Err(Reason::WeekdayDiffers),
            _ if away > RARE_DAYS => Err(Reason::NoSuchDate),
            _ => Ok(found),
        }
    }

    fn shift(&self, count: i32, weekday: Option<u8>) -> Resolved {
        self.published(|day| {
            let mut date = day.saturating_add(days(count));
            if let Some(named) = weekday
                && number(date) != named
            {
                let near = [-MIDNIGHT_DAYS, MIDNIGHT_DAYS]
                    .into_iter()
                    .map(|shift| date.saturating_add(days(shift)))
                    .find(|date| number(*date) == named);
                date = near.ok_or(Reason::WeekdayDiffers)?;
            }
            Ok(Resolved::days(date, date, Grain::Day))
        })
    }

    fn weekday(&self, weekday: u8, which: Option<Which>) -> Resolved {
        self.published(|day| {
            let back = (i32::from(number(day)) - i32::from(weekday)).rem_euclid(7);
            let ahead = (7 - back) % 7;
            let count = match which {
                Some(Which::Last) if back == 0 => -7,
                Some(Which::Last) => -back,
                Some(Which::Next) if ahead == 0 => 7,
                Some(Which::Next) => ahead,
                Some(Which::This) | None if self.future => ahead,
                Some(Which::This) | None => -back,
            };
            let date = day.saturating_add(days(count));
            Ok(Resolved::days(date, date, Grain::Day))
        })
    }

    // ------------------------------------------------------------------ periods

    fn period(&self, unit: Unit, which: Which, part: Option<u8>) -> Resolved {
        let step = match which {
            Which::Last => -1,
            Which::This => 0,
            Which::Next => 1,
        };
        self.published(|day| {
            let found = match unit {
                Unit::Hour => return Err(Reason::Vague),
                Unit::Day => {
                    let date = day.saturating_add(days(step));
                    Resolved::days(date, date, Grain::Day)
                }
                Unit::Week => week(day.saturating_add(days(7 * step)), self.week_begins),
                Unit::Month => {
                    let date = day.first_of_month().saturating_add(i64::from(step).months());
                    Resolved::days(date, date.last_of_month(), Grain::Month)
                }
                Unit::Year => whole_year(Calendar::Gregorian, i32::from(day.year()) + step)?,
                Unit::Decade => decade((i32::from(day.year()) + 10 * step).div_euclid(10) * 10)?,
            };
            Ok(parted(found, part))
        })
    }

    fn span(&self, count: i32, unit: Unit, which: Which) -> Resolved {
        let found = self.published(|day| {
            let (from, to) = match which {
                Which::Next => (day, shifted(day, rounded(count, unit), unit)),
                _ => (shifted(day, -rounded(count, unit), unit), day),
            };
            Ok(Resolved::days(from, to, Grain::Interval))
        });
        Resolved {
            duration: Some(iso_duration(count, unit)),
            ..found
        }
    }

    /// "during ten months": those before the publication, or those after it in a sentence of the future.
    fn duration(&self, count: i32, unit: Unit) -> Resolved {
        let which = if self.future { Which::Next } else { Which::Last };
        self.span(count, unit, which)
    }

    fn since_other(&self, count: i32, unit: Unit) -> Resolved {
        let base = self.earlier.iter().enumerate().rev().find_map(|(at, one)| {
            let from = one.from.filter(|_| one.grain == Some(Grain::Day))?;
            Some((at, from))
        });
        match base {
            Some((at, from)) => away(from, count, unit, self.week_begins).against(Reference::Time(at)),
            None => Resolved::unresolved(Reason::NoOtherTime, Calendar::Gregorian),
        }
    }

    fn between(&self, one: &Expression, other: &Expression) -> Resolved {
        let (mut first, mut last) = (self.resolve(one), self.resolve(other));
        if let (Expression::Date(mine), Expression::Date(theirs)) = (one, other)
            && mine.year.is_none()
            && let Some(end) = last.from
        {
            // The first end lies before the second one.
            let context = Context {
                earlier: std::slice::from_ref(&last),
                dated: Some(0),
                published: None,
                ..*self
            };
            first = context.date(mine);
            if first.from.is_some_and(|from| from > end) && theirs.year.is_none() {
                let mut before = *mine;
                before.year = first.from.map(|from| mine.calendar.year_of(from) - 1);
                first = self.date(&before);
            }
            first.reference = last.reference;
        }
        if let Some(reason) = first.reason.or(last.reason) {
            return Resolved::unresolved(reason, first.calendar);
        }
        if first.from.zip(last.to).is_none_or(|(from, to)| from > to) {
            return Resolved::unresolved(Reason::EndsBeforeItBegins, first.calendar);
        }
        last.from = first.from;
        last.grain = Some(Grain::Interval);
        last.reference = last.reference.or(first.reference);
        last
    }
}

/// Days between two dates.
fn distance(one: Date, other: Date) -> i32 {
    (one - other).get_days().abs()
}

/// 1 Monday to 7 Sunday.
fn number(date: Date) -> u8 {
    date.weekday().to_monday_one_offset().unsigned_abs()
}

/// True if no year has such a date.
fn never(parts: &DateParts) -> bool {
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
fn in_year(parts: &DateParts, year: i32) -> Result<Resolved, Reason> {
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
        return decade(year);
    }
    Ok(parted(whole_year(calendar, year)?, parts.part))
}

fn whole_year(calendar: Calendar, year: i32) -> Result<Resolved, Reason> {
    let (from, to) = calendar.year(year)?;
    Ok(Resolved {
        calendar,
        ..Resolved::days(from, to, Grain::Year)
    })
}

fn decade(year: i32) -> Result<Resolved, Reason> {
    let (from, _) = Calendar::Gregorian.year(year)?;
    let (_, to) = Calendar::Gregorian.year(year + 9)?;
    Ok(Resolved::days(from, to, Grain::Decade))
}

/// Three months of weather: spring is March to May. Winter begins in December and is called after the year that it ends in.
fn season(year: i32, season: u8) -> Result<Resolved, Reason> {
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
fn parted(found: Resolved, part: Option<u8>) -> Resolved {
    let (Some(from), Some(to), Some(part)) = (found.from, found.to, part) else {
        return found;
    };
    let length = distance(to, from) + 1;
    let at = |numerator: i32, denominator: i32| from.saturating_add(days(length * numerator / denominator));
    let before = |date: Date| date.yesterday().unwrap_or(date);
    let (from, to) = match part {
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

fn week(day: Date, begins: Weekday) -> Resolved {
    let back = (i32::from(number(day)) - i32::from(begins.to_monday_one_offset())).rem_euclid(7);
    let from = day.saturating_add(days(-back));
    Resolved::days(from, from.saturating_add(days(6)), Grain::Week)
}

/// A time so far from a day: as fine as its unit.
fn away(day: Date, count: i32, unit: Unit, begins: Weekday) -> Resolved {
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
fn rounded(count: i32, unit: Unit) -> i32 {
    match unit {
        Unit::Hour => (count + 23) / 24 * 24,
        _ => count,
    }
}

/// ISO 8601: `P10M`.
fn iso_duration(count: i32, unit: Unit) -> String {
    match unit {
        Unit::Hour => format!("PT{count}H"),
        Unit::Day => format!("P{count}D"),
        Unit::Week => format!("P{count}W"),
        Unit::Month => format!("P{count}M"),
        Unit::Year => format!("P{count}Y"),
        Unit::Decade => format!("P{}Y", count * 10),
    }
}
