//! From the meaning of an expression to the days that it names.

use super::{
    Grain, Reason, Reference,
    calendar::{Calendar, Wrong},
    days::{
        away, days, decade, distance, in_year, iso_duration, never, number, parted, rounded, shifted, week, whole_year,
    },
    expression::{DateParts, Edge, Expression, Unit, Which},
    tense::Tense,
};
use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

/// A date without a year lies at most this many days ahead of the publication, unless the sentence is about the future.
const DAYS_AHEAD: i32 = 14;
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
    /// Position of the last of them that is a date with its year, or a year.
    pub(super) named_year: Option<usize>,
    /// The time that the clause is about.
    pub(super) tense: Tense,
    pub(super) week_begins: Weekday,
}

impl Resolved {
    pub(super) fn unresolved(reason: Reason, calendar: Calendar) -> Self {
        Self {
            reason: Some(reason),
            calendar,
            ..Self::default()
        }
    }

    pub(super) fn days(from: Date, to: Date, grain: Grain) -> Self {
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
            Expression::WeekdayIn { weekday, which } => self.published(|day| {
                let begins = week(day.saturating_add(days(7 * which.step())), self.week_begins);
                let date = begins
                    .from
                    .map(|first| on_or_after(first, *weekday))
                    .ok_or(Reason::NoSuchDate)?;
                Ok(Resolved::days(date, date, Grain::Day))
            }),
            Expression::WeekdayAfter(weekday) => self.weekday_after(*weekday),
            Expression::Weekdays { first, last } => {
                let found = self.weekday(*last, None);
                let from = found.from.map(|last| {
                    let back = (i32::from(number(last)) - i32::from(*first)).rem_euclid(7);
                    last.saturating_add(days(-back))
                });
                Resolved {
                    from,
                    grain: found.grain.map(|_| Grain::Interval),
                    ..found
                }
            }
            Expression::Period { unit, which, part } => self.period(*unit, *which, *part),
            Expression::UnnamedPeriod { unit, part } => self.unnamed_period(*unit, *part),
            Expression::DayOfMonth { day, which, weekday } => self.published(|base| {
                let step = which.step();
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
            Expression::Ahead { count, unit } => match self.tense {
                Tense::Future | Tense::Planned => self.published(|day| Ok(away(day, *count, *unit, self.week_begins))),
                Tense::Past => self.span(*count, *unit, Which::Last),
                Tense::Present | Tense::Unstated => Resolved::unresolved(Reason::PastOrFuture, Calendar::Gregorian),
            },
            Expression::EdgeOf {
                count,
                unit,
                edge,
                whole,
            } => self.edge_of(*count, *unit, *edge, whole),
            Expression::Away { count, unit } => self.published(|day| Ok(away(day, *count, *unit, self.week_begins))),
            Expression::From { count, unit } => self.since_other(*count, *unit),
            Expression::Event => Resolved::unresolved(Reason::CountedFromEvent, Calendar::Gregorian),
            Expression::Vague => Resolved::unresolved(Reason::Vague, Calendar::Gregorian),
            Expression::Feast {
                calendar,
                month,
                day,
                year,
                later,
            } => {
                let found = self.feast(&DateParts {
                    calendar: *calendar,
                    month: Some(*month),
                    day: Some(*day),
                    year: *year,
                    ..DateParts::default()
                });
                let after = |date: Option<Date>| date.map(|date| date.saturating_add(days(i32::from(*later))));
                Resolved {
                    from: after(found.from),
                    to: after(found.to),
                    ..found
                }
            }
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

    /// The days of an expression in the words that somebody said on another day of the text.
    pub(super) fn in_speech(&self, expression: &Expression, said: usize, day: Date) -> Resolved {
        let context = Context {
            published: Some(day),
            ..*self
        };
        let mut found = context.resolve(expression);
        if found.reference == Some(Reference::Published) && self.published != Some(day) {
            found.reference = Some(Reference::Time(said));
        }
        found
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
        if parts.same_year {
            let named = self.named_year.and_then(|at| Some((at, self.earlier.get(at)?.from?)));
            let Some((at, date)) = named else {
                return unresolved(Reason::NoOtherTime);
            };
            return match in_year(parts, calendar.year_of(date)) {
                Ok(found) => Resolved { calendar, ..found }.against(Reference::Time(at)),
                Err(reason) => unresolved(reason),
            };
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

    /// A feast, whose year may be that of another calendar: "Eid al-Fitr 2020".
    fn feast(&self, parts: &DateParts) -> Resolved {
        let foreign = parts
            .year
            .filter(|year| !parts.calendar.takes_year(*year) && Calendar::Gregorian.takes_year(*year));
        let Some(year) = foreign else {
            return self.date(parts);
        };
        let Ok((first, _)) = Calendar::Gregorian.year(year) else {
            return Resolved::unresolved(Reason::OutsideCalendar, parts.calendar);
        };
        let guess = parts.calendar.year_of(first);
        let inside: Vec<Resolved> = (guess..=guess + 2)
            .filter_map(|own| in_year(parts, own).ok())
            .filter(|found| found.from.is_some_and(|from| i32::from(from.year()) == year))
            .collect();
        match <[Resolved; 1]>::try_from(inside) {
            Ok([found]) => Resolved {
                calendar: parts.calendar,
                ..found
            },
            Err(_) => Resolved::unresolved(Reason::OutsideCalendar, parts.calendar),
        }
    }

    /// Part of the month or year of the publication, where neither another time of the text nor the tense contradicts it.
    fn unnamed_period(&self, unit: Unit, part: u8) -> Resolved {
        let found = self.period(unit, Which::This, Some(part));
        let Some(published) = self.published else {
            return found;
        };
        let told = self.earlier.iter().rev().find_map(|one| one.from);
        let other = told.is_some_and(|told| match unit {
            Unit::Month => told.first_of_month() != published.first_of_month(),
            _ => told.year() != published.year(),
        });
        let ahead = found.from.is_some_and(|from| from > published);
        let over = found.to.is_some_and(|to| to < published);
        let contradicts = match self.tense {
            Tense::Past => ahead,
            Tense::Future => over,
            Tense::Planned => true,
            Tense::Present | Tense::Unstated => false,
        };
        match other || contradicts {
            true => Resolved::unresolved(Reason::Vague, Calendar::Gregorian),
            false => found,
        }
    }

    /// The first or the last units of a period.
    fn edge_of(&self, count: i32, unit: Unit, edge: Edge, whole: &DateParts) -> Resolved {
        let period = self.date(whole);
        let (Some(first), Some(last)) = (period.from, period.to) else {
            return period;
        };
        let (from, to) = match edge {
            Edge::First => (first, shifted(first, count, unit).yesterday().unwrap_or(first)),
            // The last one may be cut by the end of the period.
            Edge::Numbered(number) => {
                let from = shifted(first, number - 1, unit);
                (
                    from,
                    shifted(from, 1, unit).yesterday().unwrap_or(from).min(last.max(from)),
                )
            }
            Edge::Last => {
                let end = last.tomorrow().unwrap_or(last);
                (shifted(end, -count, unit), last)
            }
        };
        if from < first || to > last || unit == Unit::Hour {
            return Resolved::unresolved(Reason::NoSuchDate, period.calendar);
        }
        Resolved {
            from: Some(from),
            to: Some(to),
            grain: Some(if from == to { Grain::Day } else { Grain::Interval }),
            ..period
        }
    }

    /// The first weekday after the last day that the text names.
    fn weekday_after(&self, weekday: u8) -> Resolved {
        match self.last_day() {
            Some((at, day)) => {
                let date = on_or_after(day.tomorrow().unwrap_or(day), weekday);
                Resolved::days(date, date, Grain::Day).against(Reference::Time(at))
            }
            None => Resolved::unresolved(Reason::NoOtherTime, Calendar::Gregorian),
        }
    }

    /// The last time of the text that is one day, with its position.
    fn last_day(&self) -> Option<(usize, Date)> {
        self.earlier.iter().enumerate().rev().find_map(|(at, one)| {
            let from = one.from.filter(|_| one.grain == Some(Grain::Day))?;
            Some((at, from))
        })
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
        let ahead = || candidates.iter().find(|one| one.to.is_some_and(|to| to >= base));
        let behind = || candidates.iter().rev().find(|one| near(one, DAYS_AHEAD));
        let chosen = match (parts.which, reference) {
            (Some(Which::BeforeLast), _) => candidates.iter().rev().filter(ends_before).nth(1),
            (Some(Which::Last), _) => candidates.iter().rev().find(ends_before),
            (Some(Which::Next), _) => candidates.iter().find(begins_after),
            (Some(Which::This), _) => candidates
                .iter()
                .find(|one| one.from.is_some_and(|from| parts.calendar.year_of(from) == year)),
            (None, Reference::Time(_)) => candidates
                .iter()
                .min_by_key(|one| one.from.map_or(i32::MAX, |from| distance(from, base))),
            (None, Reference::Published) => match self.tense {
                Tense::Future => ahead(),
                Tense::Planned => candidates
                    .iter()
                    .min_by_key(|one| one.from.map_or(i32::MAX, |from| distance(from, base))),
                Tense::Present if ahead() != behind() => return Err(Reason::PastOrFuture),
                _ => behind(),
            },
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
            let date = day.saturating_add(days(count));
            if weekday.is_some_and(|named| number(date) != named) {
                return Err(Reason::WeekdayDiffers);
            }
            Ok(Resolved::days(date, date, Grain::Day))
        })
    }

    fn weekday(&self, weekday: u8, which: Option<Which>) -> Resolved {
        self.published(|day| {
            let back = (i32::from(number(day)) - i32::from(weekday)).rem_euclid(7);
            let ahead = (7 - back) % 7;
            let count = match which {
                Some(Which::BeforeLast) if back == 0 => -14,
                Some(Which::BeforeLast) => -back - 7,
                Some(Which::Last) if back == 0 => -7,
                Some(Which::Last) => -back,
                Some(Which::Next) if ahead == 0 => 7,
                Some(Which::Next) => ahead,
                Some(Which::This) | None => match self.tense {
                    Tense::Future | Tense::Planned => ahead,
                    Tense::Present if ahead != back => return Err(Reason::PastOrFuture),
                    _ => -back,
                },
            };
            let date = day.saturating_add(days(count));
            Ok(Resolved::days(date, date, Grain::Day))
        })
    }

    // ------------------------------------------------------------------ periods

    fn period(&self, unit: Unit, which: Which, part: Option<u8>) -> Resolved {
        let step = which.step();
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
        match self.tense {
            Tense::Future | Tense::Planned => self.span(count, unit, Which::Next),
            Tense::Present => Resolved::unresolved(Reason::PastOrFuture, Calendar::Gregorian),
            Tense::Past | Tense::Unstated => self.span(count, unit, Which::Last),
        }
    }

    fn since_other(&self, count: i32, unit: Unit) -> Resolved {
        match self.last_day() {
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

/// The first day of a weekday from a date on.
fn on_or_after(date: Date, weekday: u8) -> Date {
    let ahead = (i32::from(weekday) - i32::from(number(date))).rem_euclid(7);
    date.saturating_add(days(ahead))
}
