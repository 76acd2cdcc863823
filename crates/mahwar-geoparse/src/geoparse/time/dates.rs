//! Dates: days, months, seasons and years in digits and in words.

use super::{
    calendar::Calendar,
    expression::{DateParts, Which},
    grammar::{Grammar, Read},
    lexicon::Word,
};
use crate::{language::Language, text::Kind};

/// The month of one of the calendars.
#[derive(Clone, Copy)]
struct Month {
    calendar: Calendar,
    month: u8,
}

/// Words after which a name of a month by itself is a month.
const GOVERNORS: [Word; 5] = [Word::In, Word::Month, Word::Between, Word::From, Word::To];

impl Grammar<'_> {
    /// A date: at least a month, a season, a decade or a year with a word that says so.
    pub(super) fn date(&self, at: usize) -> Read<DateParts> {
        let (weekday, start) = self.weekday_before(at);
        let full = self
            .digits_date(start)
            .or_else(|| self.day_and_month(start))
            .or_else(|| self.month_and_day(start));
        if let Some((mut parts, mut end)) = full {
            parts.weekday = weekday;
            if weekday.is_none()
                && let Some((day, after)) = self.weekday_after(end)
            {
                parts.weekday = Some(day);
                end = after;
            }
            return Some((parts, self.skip_daytime_close(end)));
        }
        if weekday.is_some() {
            return None;
        }
        self.month_and_year(at)
            .or_else(|| self.season(at))
            .or_else(|| self.decade(at))
            .or_else(|| self.named_year(at))
    }

    /// "Saturday, " before a date.
    pub(super) fn weekday_before(&self, at: usize) -> (Option<u8>, usize) {
        let start = self.skip_daytime(self.skip(at, Word::DateWord));
        let start = self.skip(start, Word::Day);
        let start = self.skip_daytime(start);
        let found = self
            .word(start, Word::Weekday)
            .or_else(|| self.word(start, Word::WeekdayBare));
        let Some((weekday, end)) = found else {
            return (None, start);
        };
        let mut next = self.skip_marks(end, &[Kind::Stop]);
        next = self.skip_daytime(next);
        next = self.skip_marks(next, &[Kind::Comma, Kind::Open, Kind::Dash]);
        next = self.skip(next, Word::DateWord);
        if self.passage.language == Language::Sorani {
            next = self.skip(next, Word::Tail);
        }
        (Some(weekday as u8), next)
    }

    /// "3 December (Saturday)".
    fn weekday_after(&self, end: usize) -> Read<u8> {
        let open = self.skip_marks(end, &[Kind::Open]);
        let (weekday, next) = self.word(open, Word::Weekday)?;
        if open == end || self.passage.kind(next) != Some(Kind::Close) {
            return None;
        }
        Some((weekday as u8, next + 1))
    }

    fn skip_daytime_close(&self, end: usize) -> usize {
        end
    }

    /// 3/12/2021, 2021-12-03, ٣-١٢-٢٠٢١, 3.12.2021.
    fn digits_date(&self, at: usize) -> Read<DateParts> {
        let (first, first_len) = self.digits(at)?;
        let sign = self.sign(at + 1)?;
        let (second, second_len) = self.digits(at + 2)?;
        let third = (self.sign(at + 3) == Some(sign)).then(|| self.digits(at + 4)).flatten();
        let joined = |at: usize| self.passage.is_unspaced(at);
        let ends = |end: usize| self.sign(end).is_none() || !joined(end) || self.digits(end + 1).is_none();
        if !joined(at + 1)
            || !joined(at + 2)
            || at
                .checked_sub(1)
                .is_some_and(|before| self.sign(before).is_some() && joined(at))
        {
            return None;
        }
        let Some((third, third_len)) = third.filter(|_| joined(at + 3) && joined(at + 4)) else {
            return self.day_and_month_digits(at, sign, (first, first_len), (second, second_len));
        };
        let end = at + 5;
        if !ends(end) || second_len > 2 {
            return None;
        }
        let mut parts = DateParts::default();
        let (day, month, year) = match (first_len, third_len) {
            (4, 1 | 2) => (third, second, first),
            (1 | 2, 4) => (first, second, third),
            (1 | 2, 2) => {
                parts.short_year = true;
                (first, second, third)
            }
            _ => return None,
        };
        // Versions and parts of numbers have points too.
        if sign == Kind::Separator && (parts.short_year || first_len == 4 && second_len == 1) {
            return None;
        }
        let (day, month) = match first_len {
            4 => (day, month),
            _ => self.ordered(day, month),
        };
        if day == 0 || month == 0 || day > 99 || month > 99 {
            return None;
        }
        parts.day = Some(day as u8);
        parts.month = Some(month as u8);
        parts.year = Some(year as i32);
        let (calendar, end) = self.era(end, parts.year);
        if calendar.is_none() && !parts.short_year && !Calendar::Gregorian.takes_year(parts.year?) {
            return None;
        }
        parts.calendar = calendar.unwrap_or(self.calendar_of(parts.year?));
        Some((parts, self.circumposed(end)))
    }

    /// 3/12 by itself is a fraction or a score; it is a date after a word that introduces one.
    fn day_and_month_digits(
        &self,
        at: usize,
        sign: Kind,
        first: (u32, usize),
        second: (u32, usize),
    ) -> Read<DateParts> {
        let end = at + 3;
        let introduced = at.checked_sub(1).is_some_and(|before| {
            [Word::DateWord, Word::Day, Word::Weekday].iter().any(|word| {
                (1..=2).any(|len| {
                    let start = at.saturating_sub(len);
                    self.word(start, *word).is_some_and(|(_, end)| end == at)
                })
            }) && self.passage.kind(before) != Some(Kind::Slash)
        });
        // 12/2021 is a month.
        if sign == Kind::Slash
            && first.1 <= 2
            && second.1 == 4
            && (1..=12).contains(&first.0)
            && Calendar::Gregorian.takes_year(second.0 as i32)
        {
            let parts = DateParts {
                month: Some(first.0 as u8),
                year: Some(second.0 as i32),
                ..DateParts::default()
            };
            return Some((parts, end));
        }
        let fits = sign == Kind::Slash && introduced && first.1 <= 2 && second.1 <= 2 && self.sign(end).is_none();
        let (day, month) = self.ordered(first.0, second.0);
        if !fits || !(1..=31).contains(&day) || !(1..=12).contains(&month) {
            return None;
        }
        let parts = DateParts {
            day: Some(day as u8),
            month: Some(month as u8),
            ..DateParts::default()
        };
        Some((parts, end))
    }

    /// Day and month of two numbers: in the order of the land, or in the only order that there is.
    fn ordered(&self, first: u32, second: u32) -> (u32, u32) {
        let (day, month) = if self.month_first {
            (second, first)
        } else {
            (first, second)
        };
        match month > 12 && day <= 12 {
            true => (month, day),
            false => (day, month),
        }
    }

    fn sign(&self, at: usize) -> Option<Kind> {
        let kind = self.passage.kind(at).filter(|_| at < self.end)?;
        let comma = self.passage.slice(at) == "," || self.passage.slice(at) == "،" || self.passage.slice(at) == "٫";
        (matches!(kind, Kind::Slash | Kind::Dash | Kind::Separator) && !comma).then_some(kind)
    }

    /// "3 December 2021", "الثالث من كانون الأول", "3ی کانوونی یەکەمی ٢٠٢١", "3-7 March".
    fn day_and_month(&self, at: usize) -> Read<DateParts> {
        let start = self.skip_articles(at);
        let (day, mut next) = self.day(start)?;
        let mut last_day = None;
        let between = at.checked_sub(1).is_some_and(|before| self.is(before, Word::Between));
        let link = self
            .dash(next)
            .or_else(|| self.word(next, Word::To).map(|(_, end)| end))
            .or_else(|| between.then(|| self.and(next)).flatten());
        if let Some(link) = link
            && let Some((upper, end)) = self.day(link)
            && self.month_after(end).is_some()
        {
            last_day = Some(upper).filter(|upper| *upper > day);
            next = end;
            last_day?;
        }
        let (month, next) = self.month_after(next).or_else(|| self.numbered_month(next))?;
        self.with_year(month, day, last_day, next)
    }

    /// "December 3, 2021", "Dec. 3-7".
    fn month_and_day(&self, at: usize) -> Read<DateParts> {
        let (month, next) = self.month(at)?;
        let next = self.skip_marks(next, &[Kind::Stop]);
        let next = self.skip_the(next);
        let (day, mut end) = self.small(next, 31)?;
        // مارس 2021: the digits are a year, which `small` does not take; "آذار 15" is a day.
        end = self.tail(end);
        let mut last_day = None;
        if let Some(link) = self.dash(end).or_else(|| self.word(end, Word::To).map(|(_, end)| end))
            && let Some((upper, after)) = self.small(link, 31)
            && upper > day
        {
            last_day = Some(upper);
            end = self.tail(after);
        }
        if self.is_count(end) || (self.passage.kind(end) == Some(Kind::Colon) && self.passage.is_unspaced(end)) {
            return None;
        }
        self.with_year(month, day, last_day, end)
    }

    fn with_year(&self, month: Month, day: u8, last_day: Option<u8>, next: usize) -> Read<DateParts> {
        let mut parts = DateParts {
            calendar: month.calendar,
            month: Some(month.month),
            day: Some(day),
            last_day,
            ..DateParts::default()
        };
        let end = self.add_year(&mut parts, next);
        Some((parts, end))
    }

    /// Reads the year after a month into the parts, with its era; returns where it ends.
    fn add_year(&self, parts: &mut DateParts, next: usize) -> usize {
        if let Some((short, end)) = self.two_digit_year(next) {
            parts.year = Some(short);
            parts.short_year = true;
            return end;
        }
        let Some((year, end)) = self.year(next) else {
            if let Some((shift, end)) = self.relative_year(next) {
                parts.year_shift = Some(shift);
                return end;
            }
            // The month's own adjective: "آذار الماضي", "3ی ئازاری ڕابردوو".
            if let Some((which, end)) = self.which(next) {
                parts.which = Some(which);
                return end;
            }
            let (era, end) = self.era(next, None);
            if let Some(era) = era.filter(|era| *era == parts.calendar) {
                parts.calendar = era;
                return end;
            }
            return self.circumposed(next);
        };
        parts.year = Some(year);
        let (era, end) = self.era(end, Some(year));
        if let Some(era) = era
            && parts.calendar == Calendar::Gregorian
        {
            parts.calendar = era;
        }
        if self.is(end, Word::Era) && self.word(end, Word::Era).is_some_and(|(value, _)| value == 4) {
            parts.before_era = true;
        }
        // The solar months belong to two counts of years, which lie far apart.
        if parts.calendar == Calendar::Kurdish && Calendar::Persian.takes_year(year) {
            parts.calendar = Calendar::Persian;
        } else if parts.calendar == Calendar::Persian && Calendar::Kurdish.takes_year(year) {
            parts.calendar = Calendar::Kurdish;
        }
        self.circumposed(end)
    }

    /// "last year", "من العام الجاري", "ی ئەمساڵ" after a month.
    fn relative_year(&self, at: usize) -> Read<i32> {
        let next = self.skip(self.skip(at, Word::Tail), Word::Of);
        if let Some((shift, end)) = self.word(next, Word::ShiftYear) {
            return Some((shift, end));
        }
        let step = |which: Which| match which {
            Which::Last => -1,
            Which::This => 0,
            Which::Next => 1,
        };
        if let Some((which, inner)) = self.which(next) {
            let (_, end) = self.word(inner, Word::Year)?;
            return Some((step(which), end));
        }
        let (_, end) = self.word(next, Word::Year)?;
        let (which, end) = self.which(end)?;
        Some((step(which), end))
    }

    /// "March 2021", "شهر آذار, "in March", "مانگی ڕابردوو" is no month.
    fn month_and_year(&self, at: usize) -> Read<DateParts> {
        let (part, start) = self.part(at);
        let start = self.skip_the(start);
        let start = self.skip(start, Word::Of);
        let worded = self.word(start, Word::MonthUnit);
        let named = worded.map_or(start, |(_, end)| end);
        let before = self.which(named);
        let (month, next) = self.month(before.map_or(named, |(_, end)| end))?;
        let mut parts = DateParts {
            calendar: month.calendar,
            month: Some(month.month),
            part,
            which: before.map(|(which, _)| which),
            ..DateParts::default()
        };
        let next = self.skip_marks(
            next,
            &[Kind::Stop].map(|stop| if self.is_abbreviated(next) { stop } else { Kind::Other }),
        );
        let end = self.add_year(&mut parts, next);
        let dated = parts.year.is_some() || parts.year_shift.is_some();
        let sure = dated || parts.which.is_some() || worded.is_some() || part.is_some();
        if !sure && !self.is_governed(at, month.calendar) {
            return None;
        }
        if self.is_count(end) && parts.year.is_none() && self.passage.kind(end) == Some(Kind::Number) {
            return None;
        }
        Some((parts, end))
    }

    /// A full stop after a shortened month that a year follows.
    fn is_abbreviated(&self, at: usize) -> bool {
        self.passage.kind(at) == Some(Kind::Stop) && self.year_number(at + 1).is_some()
    }

    /// True if a preposition precedes: a bare "March" or "May" is a month only then. Months that are names of people as
    /// well need more than that.
    fn is_governed(&self, at: usize, calendar: Calendar) -> bool {
        if calendar == Calendar::Islamic || (calendar == Calendar::Kurdish && self.passage.language != Language::Sorani)
        {
            return false;
        }
        if self.passage.kind(at) == Some(Kind::Latin) && !self.passage.tokens[at].is_capital() {
            return false;
        }
        at.checked_sub(1)
            .is_some_and(|before| GOVERNORS.iter().any(|word| self.is(before, *word)) || self.is(before, Word::And))
            || self.passage.slice(at).starts_with("لل")
    }

    /// "summer 2014", "صيف عام 2014", "last summer".
    fn season(&self, at: usize) -> Read<DateParts> {
        let (part, start) = self.part(at);
        let start = self.skip_the(start);
        let before = self.which(start);
        let (season, next) = self.word(before.map_or(start, |(_, end)| end), Word::Season)?;
        let mut parts = DateParts {
            season: Some(season as u8),
            part,
            which: before.map(|(which, _)| which),
            ..DateParts::default()
        };
        let end = self.add_year(&mut parts, next);
        let dated = parts.year.is_some() || parts.year_shift.is_some();
        let sure = (dated && !parts.short_year) || parts.which.is_some();
        (sure && parts.calendar == Calendar::Gregorian).then_some((parts, end))
    }

    /// "the 1990s", "تسعينيات القرن الماضي", "الثمانينيات".
    fn decade(&self, at: usize) -> Read<DateParts> {
        let start = self.skip_the(at);
        let (year, next) = self.year_number(start)?;
        let tail = self.passage.slice(next);
        let decade = self.passage.is_unspaced(next)
            && tail == "s"
            && year % 10 == 0
            && self.passage.kind(next) == Some(Kind::Latin);
        decade.then_some((
            DateParts {
                year: Some(year),
                decade: true,
                ..DateParts::default()
            },
            next + 1,
        ))
    }

    /// A year with a word for "year", with an era, or after a preposition of time.
    fn named_year(&self, at: usize) -> Read<DateParts> {
        let (part, start) = self.part(at);
        let start = self.skip_the(start);
        let worded = self.word(start, Word::Year);
        let worded = worded.or_else(|| self.word(self.skip_the(self.skip(start, Word::Of)), Word::Year));
        let number_at = worded.map_or_else(|| self.skip(start, Word::Of), |(_, end)| end);
        let number_at = self.skip_the(number_at);
        let (year, next) = self.year_number(number_at)?;
        if self.is_count(next) {
            return None;
        }
        let (era, end) = self.era(next, Some(year));
        let before_era = self.word(end, Word::Era).is_some_and(|(value, _)| value == 4);
        let calendar = era.unwrap_or(self.calendar_of(year));
        let governed = at
            .checked_sub(1)
            .is_some_and(|before| self.is(before, Word::In) && !self.is_quantified(before));
        let plausible = Calendar::Gregorian.takes_year(year) && (1800..=2100).contains(&year);
        let sure = worded.is_some() || era.is_some() || (part.is_some() && plausible) || (governed && plausible);
        if !sure || (worded.is_none() && self.joins_number(next)) {
            return None;
        }
        let parts = DateParts {
            calendar,
            year: Some(year),
            part,
            before_era,
            ..DateParts::default()
        };
        Some((parts, self.circumposed(if before_era { end + 1 } else { end })))
    }

    /// "more than 2000", "of 2000": a preposition that governs amounts as well.
    fn is_quantified(&self, before: usize) -> bool {
        let slice = self.passage.slice(before).to_lowercase();
        matches!(
            slice.as_str(),
            "of" | "to" | "for" | "by" | "on" | "around" | "from" | "between" | "and" | "قبل" | "بعد" | "دوای" | "پێش"
        ) && !matches!(
            slice.as_str(),
            "of" | "from" | "by" | "before" | "after" | "قبل" | "بعد" | "دوای" | "پێش"
        )
    }

    fn joins_number(&self, next: usize) -> bool {
        matches!(self.passage.kind(next), Some(Kind::Separator | Kind::Slash)) && self.passage.is_unspaced(next)
            || self.passage.slice(next) == "%"
    }

    // ------------------------------------------------------------------ parts of dates

    /// A day of the month in digits or as an ordinal number, with its tail.
    pub(super) fn day(&self, at: usize) -> Read<u8> {
        // A 32nd is a date that does not exist.
        if let Some((day, end)) = self.small(at, 99) {
            let end = self.tail(end);
            return Some((day, end));
        }
        let (day, end) = self.word(at, Word::Ordinal)?;
        Some((day as u8, end))
    }

    /// A month after a day: "of December", "من شهر آذار", "ی مانگی ئازار".
    fn month_after(&self, at: usize) -> Read<Month> {
        let mut next = self.skip_marks(at, &[Kind::Dash]);
        for word in [Word::Of, Word::Tail, Word::MonthUnit, Word::This] {
            next = self.skip(next, word);
        }
        let worded = next;
        self.month(worded)
    }

    /// 3ی 12ی 2021: Sorani numbers its months too.
    fn numbered_month(&self, at: usize) -> Read<Month> {
        if self.passage.language != Language::Sorani || self.passage.kind(at.checked_sub(1)?) == Some(Kind::Number) {
            return None;
        }
        let worded = self.skip(at, Word::MonthUnit);
        let (month, next) = self.small(worded, 12)?;
        let end = self.tail(next);
        let sure = worded > at || (end > next && self.year(end).is_some());
        sure.then_some((
            Month {
                calendar: Calendar::Gregorian,
                month,
            },
            end,
        ))
    }

    /// The name of a month, and the same month by another name: "كانون الأول/ديسمبر".
    fn month(&self, at: usize) -> Read<Month> {
        let (month, end) = self.month_name(at)?;
        let mark = self.skip_marks(end, &[Kind::Slash, Kind::Open, Kind::Dash]);
        if mark > end
            && let Some((other, after)) = self.month_name(mark)
            && other.month == month.month
            && other.calendar == month.calendar
        {
            return Some((month, self.skip_marks(after, &[Kind::Close])));
        }
        Some((month, end))
    }

    fn month_name(&self, at: usize) -> Read<Month> {
        let names = [
            (Word::Month, Calendar::Gregorian),
            (Word::Hijri, Calendar::Islamic),
            (Word::Solar, Calendar::Kurdish),
        ];
        let longest = names
            .into_iter()
            .filter_map(|(word, calendar)| {
                let (month, end) = self.word(at, word)?;
                let month = Month {
                    calendar,
                    month: month as u8,
                };
                Some((month, end))
            })
            .max_by_key(|(_, end)| *end)?;
        let latin = self.passage.kind(at) == Some(Kind::Latin);
        if latin && !self.passage.tokens[at].is_capital() {
            return None;
        }
        let solar_is_persian =
            longest.0.calendar == Calendar::Kurdish && self.passage.language != Language::Sorani && !latin;
        let mut month = longest.0;
        if solar_is_persian {
            month.calendar = Calendar::Persian;
        }
        Some((month, longest.1))
    }

    /// A year after a month, with the words between: ", 2021", "من عام 2021", "ی ساڵی ٢٠٢١".
    pub(super) fn year(&self, at: usize) -> Read<i32> {
        let mut next = self.skip_marks(at, &[Kind::Comma, Kind::Slash, Kind::Dash]);
        for word in [Word::Tail, Word::Of, Word::This, Word::Year, Word::Tail] {
            next = self.skip(next, word);
        }
        let next = self.skip_the(next);
        let comma = next > at && self.passage.kind(at) == Some(Kind::Comma);
        let (year, end) = self.year_number(next)?;
        if comma && self.is_count(end) {
            return None;
        }
        (!self.joins_number(end)).then_some((year, end))
    }

    /// Four digits that can be a year of one of the calendars.
    pub(super) fn year_number(&self, at: usize) -> Read<i32> {
        let (value, len) = self.digits(at)?;
        let year = value as i32;
        let joined = at.checked_sub(1).is_some_and(|before| {
            self.passage.is_unspaced(at) && matches!(self.passage.kind(before), Some(Kind::Separator))
        });
        let separated = self.passage.kind(at + 1) == Some(Kind::Separator);
        let fits = len == 4 && !joined && !separated && (Calendar::Gregorian.takes_year(year));
        fits.then(|| (year, self.tail(at + 1)))
    }

    /// '21, or two digits right after a month in the position of a year.
    fn two_digit_year(&self, at: usize) -> Read<i32> {
        let next = self.skip_marks(at, &[Kind::Comma]);
        let quote = matches!(self.passage.slice(next), "'" | "’" | "‘");
        if !quote {
            return None;
        }
        let (value, len) = self.digits(next + 1)?;
        (len == 2 && self.passage.is_unspaced(next + 1)).then_some((value as i32, next + 2))
    }

    /// The era after a year, and the calendar that it means.
    fn era(&self, at: usize, year: Option<i32>) -> (Option<Calendar>, usize) {
        let open = self.skip_marks(at, &[Kind::Open]);
        let open = self.skip(open, Word::Tail);
        let Some((value, end)) = self.word(open, Word::Era) else {
            return (None, at);
        };
        let capital = self.passage.kind(open) != Some(Kind::Latin) || self.passage.tokens[open].is_capital();
        let calendar = match value {
            0 => Calendar::Gregorian,
            1 => Calendar::Islamic,
            2 => Calendar::Persian,
            3 => Calendar::Kurdish,
            _ => return (None, at),
        };
        if !capital || year.is_some_and(|year| !calendar.takes_year(year)) {
            return (None, at);
        }
        let end = self.skip_marks(end, &[if open > at { Kind::Close } else { Kind::Other }]);
        (Some(calendar), end)
    }

    /// The calendar of a year that no word names: years of the Kurdish count are no years of another.
    fn calendar_of(&self, year: i32) -> Calendar {
        match Calendar::Kurdish.takes_year(year) {
            true => Calendar::Kurdish,
            false => Calendar::Gregorian,
        }
    }

    /// A number of one or two digits up to a limit.
    pub(super) fn small(&self, at: usize, most: u32) -> Read<u8> {
        let (value, len) = self.digits(at)?;
        let joined = at.checked_sub(1).is_some_and(|before| {
            self.passage.is_unspaced(at)
                && matches!(
                    self.passage.kind(before),
                    Some(Kind::Separator | Kind::Slash | Kind::Symbol)
                )
        });
        let separated = matches!(
            self.passage.kind(at + 1),
            Some(Kind::Separator | Kind::Slash | Kind::Colon)
        ) && self.passage.is_unspaced(at + 1);
        (len <= 2 && (1..=most).contains(&value) && !joined && !separated).then_some((value as u8, at + 1))
    }

    /// The value of a run of at most four digits, and how many they are.
    fn digits(&self, at: usize) -> Option<(u32, usize)> {
        if at >= self.end || self.passage.kind(at) != Some(Kind::Number) {
            return None;
        }
        let mut value = 0;
        let mut len = 0;
        for sign in self.passage.slice(at).chars() {
            let digit = match sign {
                '0'..='9' => sign as u32 - '0' as u32,
                '٠'..='٩' => sign as u32 - '٠' as u32,
                '۰'..='۹' => sign as u32 - '۰' as u32,
                _ => continue,
            };
            value = value * 10 + digit;
            len += 1;
            if len > 4 {
                return None;
            }
        }
        (len > 0).then_some((value, len))
    }

    /// The letters that belong to a number: "3rd", "3ی", "12ی".
    pub(super) fn tail(&self, at: usize) -> usize {
        match self.word(at, Word::Tail) {
            Some((_, end)) if self.passage.is_unspaced(at) && self.passage.slice(at) != "s" => end,
            _ => at,
        }
    }

    fn circumposed(&self, end: usize) -> usize {
        let suffix = matches!(self.passage.slice(end), "دا" | "یدا" | "ی" | "ە")
            && self.passage.is_unspaced(end)
            && end < self.end;
        end + usize::from(suffix)
    }

    /// True if a counted noun begins here: then the digits before it are a number of things.
    pub(super) fn is_count(&self, at: usize) -> bool {
        let at = if self.passage.kind(at) == Some(Kind::Dash) {
            at + 1
        } else {
            at
        };
        at < self.end
            && (self.passage.roles(at).0.unit.is_some() || self.unit(at).is_some() || self.passage.slice(at) == "%")
            && !self.is(at, Word::Era)
            && !self.is(at, Word::Month)
    }

    fn skip_the(&self, at: usize) -> usize {
        match self.passage.slice(at) {
            "the" | "The" => at + 1,
            _ => at,
        }
    }
}
