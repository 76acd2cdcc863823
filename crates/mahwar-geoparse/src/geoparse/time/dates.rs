//! Dates: days, months, seasons and years in digits and in words.

use super::{
    calendar::Calendar,
    expression::{DateParts, Expression, Which},
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

/// Longest list of days of one month that is read: "3, 5 and 7 May".
const LISTED_DAYS: usize = 6;
/// "The 1900s" are a century, "the 2000s" ten years.
const FIRST_DECADE_OF_ITS_CENTURY: i32 = 2000;
/// Years that are read in words after a word for "year".
const WORDED_YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// Words after which a name of a month by itself is a month.
const GOVERNORS: [Word; 5] = [Word::In, Word::Month, Word::Between, Word::From, Word::To];

impl Grammar<'_> {
    /// A date: at least a month, a season, a decade or a year with a word that says so.
    pub(super) fn date(&self, at: usize) -> Read<DateParts> {
        let (weekday, start) = self.weekday_before(at);
        let full = self
            .digits_date(start)
            .or_else(|| self.slashed(start))
            .or_else(|| self.two_days(start))
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
        let Some((month, after)) = self.month_after(next).or_else(|| self.numbered_month(next)) else {
            // "3, 5 and 7 May": each day is a date of its own.
            let (month, after) = self.listed_month(next).filter(|_| last_day.is_none() && !between)?;
            let (parts, _) = self.with_year(month, day, None, after)?;
            return Some((parts, next));
        };
        let found = self.with_year(month, day, last_day, after)?;
        // "1-صفر" is a score: the name of the month is the word for zero.
        let score = month.calendar == Calendar::Islamic && self.dash(next).is_some() && found.0.year.is_none();
        (!score).then_some(found)
    }

    /// 18/تموز/2010, "18 / July / 2010".
    fn slashed(&self, at: usize) -> Read<DateParts> {
        let slash = |at: usize| self.passage.kind(at) == Some(Kind::Slash);
        let (day, _) = self.digits(at).filter(|(day, len)| *len <= 2 && *day > 0)?;
        let (month, end) = self.month_name(at + 2).filter(|_| slash(at + 1))?;
        let (year, _) = self.digits(end + 1).filter(|(_, len)| *len == 4 && slash(end))?;
        let parts = DateParts {
            day: Some(day as u8),
            month: Some(month.month),
            year: Some(year as i32),
            calendar: month.calendar,
            ..DateParts::default()
        };
        Some((parts, end + 2))
    }

    /// "the night of 12/13 November": two days that follow each other.
    fn two_days(&self, at: usize) -> Read<DateParts> {
        let start = self.skip_articles(at);
        let (first, first_len) = self.digits(start)?;
        let slash = self.passage.kind(start + 1) == Some(Kind::Slash) && self.passage.is_unspaced(start + 2);
        let (second, second_len) = self.digits(start + 2).filter(|_| slash)?;
        let follows = second == first + 1 && second <= 31 && first_len.max(second_len) <= 2;
        let (month, after) = self.month_after(self.tail(start + 3)).filter(|_| follows)?;
        self.with_year(month, first as u8, Some(second as u8), after)
    }

    /// The last of the days that are listed after a day and follow it: "November 3, 4 and 5".
    fn listed_days(&self, day: u8, end: usize) -> Read<u8> {
        let (mut last, mut at) = (day, end);
        for _ in 0..LISTED_DAYS {
            let comma = self.skip_marks(at, &[Kind::Comma]);
            let and = self.and(comma);
            let start = and.or((comma > at).then_some(comma))?;
            let (next, after) = self.small(start, 31).filter(|(next, _)| *next == last + 1)?;
            let after = self.tail(after);
            if self.is_count(after) || self.month_after(after).is_some() {
                return None;
            }
            (last, at) = (next, after);
            if and.is_some() {
                return Some((last, at));
            }
        }
        None
    }

    /// The month of a list of days, from the end of one that is not the last: ", 5 and 7 May".
    fn listed_month(&self, from: usize) -> Read<Month> {
        let mut at = from;
        for _ in 0..LISTED_DAYS {
            let and = self.and(at);
            let comma = self.skip_marks(at, &[Kind::Comma]);
            let start = and.or((comma > at).then_some(comma))?;
            let (_, end) = self.day(self.and(start).unwrap_or(start))?;
            let ended = and.is_some() || self.and(start).is_some();
            if let Some(found) = self.month_after(end).filter(|_| ended) {
                return Some(found);
            }
            at = end;
        }
        None
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
        if last_day.is_none()
            && let Some((last, after)) = self.listed_days(day, end)
        {
            return self.with_year(month, day, Some(last), after);
        }
        self.with_year(month, day, last_day, end)
    }

    fn with_year(&self, month: Month, day: u8, last_day: Option<u8>, next: usize) -> Read<DateParts> {
        // "12 Nov. 2020"
        let next = next + usize::from(self.passage.kind(next) == Some(Kind::Stop) && self.is_abbreviated(next));
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
        let of = self.skip(self.skip(next, Word::Tail), Word::Of);
        if let Some((_, end)) = self
            .word(of, Word::SameYear)
            .or_else(|| self.word(next, Word::SameYear))
        {
            parts.same_year = true;
            return self.circumposed(end);
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
        let next = self.skip_of(self.skip(at, Word::Tail), Word::Year);
        if let Some((shift, end)) = self.word(next, Word::ShiftYear) {
            return Some((shift, end));
        }
        let step = Which::step;
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
        // Quarters are those of a year.
        if part.is_some_and(|part| part > 10) {
            return None;
        }
        let dated = parts.year.is_some() || parts.year_shift.is_some() || parts.same_year;
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
        let mut end = self.add_year(&mut parts, next);
        // "winter 2016-17" is called after the year in which it ends; no other season lies in two years.
        if let Some((second, after)) = parts.year.and_then(|year| self.second_year(year, end)) {
            if season != 4 {
                return None;
            }
            parts.year = Some(second);
            end = after;
        }
        let dated = parts.year.is_some() || parts.year_shift.is_some() || parts.same_year;
        let sure = (dated && !parts.short_year) || parts.which.is_some();
        (sure && parts.calendar == Calendar::Gregorian).then_some((parts, end))
    }

    /// "the 1990s", "تسعينيات القرن الماضي", "الثمانينيات".
    fn decade(&self, at: usize) -> Read<DateParts> {
        let (part, at) = self.part(at);
        // Quarters are those of a year.
        if part.is_some_and(|part| part > 10) {
            return None;
        }
        // "في الثمانينات من عمره" is an age.
        let named = self.word(at, Word::DecadeNamed);
        if let Some((year, end)) = named.filter(|(_, end)| !self.is(*end, Word::NameAfter)) {
            let parts = DateParts {
                year: Some(year),
                decade: true,
                part,
                ..DateParts::default()
            };
            return Some((parts, end));
        }
        let start = self.skip_the(at);
        let (year, next) = self.year_number(start)?;
        // "The late 1800s" are the end of a century.
        let century = year % 100 == 0 && year < FIRST_DECADE_OF_ITS_CENTURY;
        let decade = self.is_in_plural(next) && year % 10 == 0 && !century;
        decade.then_some((
            DateParts {
                year: Some(year),
                decade: true,
                part,
                ..DateParts::default()
            },
            next + 1,
        ))
    }

    /// True for the "s" of "1980s".
    fn is_in_plural(&self, next: usize) -> bool {
        self.passage.kind(next) == Some(Kind::Latin)
            && self.passage.slice(next) == "s"
            && self.passage.is_unspaced(next)
    }

    /// A year with a word for "year", with an era, or after a preposition of time.
    fn named_year(&self, at: usize) -> Read<DateParts> {
        let (part, start) = self.part(at);
        let start = self.skip_the(start);
        let worded = self.word(start, Word::Year);
        let worded = worded.or_else(|| self.word(self.skip_the(self.skip(start, Word::Of)), Word::Year));
        let number_at = worded.map_or_else(|| self.skip(start, Word::Of), |(_, end)| end);
        let number_at = self.skip_the(number_at);
        let (year, next) = match worded {
            Some(_) => self.year_number(number_at).or_else(|| self.worded_year(number_at))?,
            None => self.year_number(number_at)?,
        };
        if self.is_count(next) || self.is_in_plural(next) || self.second_year(year, next).is_some() {
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

    /// A year in words: "ألفين وأربعة عشر".
    fn worded_year(&self, at: usize) -> Read<i32> {
        if self.passage.kind(at) == Some(Kind::Number) {
            return None;
        }
        self.count(at).filter(|(year, _)| WORDED_YEARS.contains(year))
    }

    /// The year after another one in "2019-20" or "2019/2020".
    fn second_year(&self, first: i32, at: usize) -> Read<i32> {
        let next = self.skip_marks(at, &[Kind::Dash, Kind::Slash]);
        let (value, len) = self.digits(next).filter(|_| next > at)?;
        let second = first + 1;
        let fits = match len {
            4 => value as i32 == second,
            2 => value as i32 == second.rem_euclid(100),
            _ => false,
        };
        fits.then_some((second, next + 1))
    }

    /// "fiscal year 2019/2020", "العام الدراسي 2019-2020": some time in two years.
    pub(super) fn two_years(&self, at: usize) -> Read<Expression> {
        let worded = self.word(self.skip_the(at), Word::Year);
        let governed = at.checked_sub(1).is_some_and(|before| self.is(before, Word::In));
        let start = match worded {
            Some((_, start)) => start,
            None if governed => at,
            None => return None,
        };
        let (first, next) = self.year_number(start)?;
        let (second, end) = self.second_year(first, next)?;
        let year = |year: i32| {
            Box::new(Expression::Date(DateParts {
                year: Some(year),
                ..DateParts::default()
            }))
        };
        Some((Expression::Between(year(first), year(second)), end))
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

    /// نەورۆزی ٢٧٢٥: the name of the feast is that of the first month before a Kurdish year.
    fn newroz_month(&self, at: usize) -> Read<Month> {
        let (_, end) = self.word(at, Word::Feast).filter(|_| self.is_newroz(at))?;
        let (year, _) = self.year_number(end)?;
        let month = Month {
            calendar: Calendar::Kurdish,
            month: 1,
        };
        Calendar::Kurdish.takes_year(year).then_some((month, end))
    }

    fn is_newroz(&self, at: usize) -> bool {
        self.passage.language == Language::Sorani && self.passage.slice(at).starts_with("نەورۆز")
    }

    fn month_name(&self, at: usize) -> Read<Month> {
        if let Some(month) = self.newroz_month(at) {
            return Some(month);
        }
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
        // "حزيران (2014)"
        let inner = self.skip_marks(next, &[Kind::Open]);
        let (year, mut end) = self.year_number(inner)?;
        if inner > next {
            let closed = self.era(end, Some(year)).1;
            end = self.skip_marks(closed, &[Kind::Close]);
        }
        if comma && self.is_count(end) {
            return None;
        }
        (!self.joins_number(end)).then_some((year, end))
    }

    /// The era after a year, and the calendar that it means.
    pub(super) fn era(&self, at: usize, year: Option<i32>) -> (Option<Calendar>, usize) {
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
    pub(super) fn calendar_of(&self, year: i32) -> Calendar {
        match Calendar::Kurdish.takes_year(year) {
            true => Calendar::Kurdish,
            false => Calendar::Gregorian,
        }
    }

    /// The letters that belong to a number: "3rd", "3ی", "12ی".
    pub(super) fn tail(&self, at: usize) -> usize {
        match self.word(at, Word::Tail) {
            Some((_, end)) if self.passage.is_unspaced(at) && self.passage.slice(at) != "s" => end,
            _ => at,
        }
    }

    pub(super) fn circumposed(&self, end: usize) -> usize {
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
