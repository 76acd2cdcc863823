//! Dates and years in digits of three kinds.

use super::{
    calendar::Calendar,
    expression::DateParts,
    grammar::{Grammar, Read},
    lexicon::Word,
};
use crate::text::Kind;

impl Grammar<'_> {
    /// 3/12/2021, 2021-12-03, ٣-١٢-٢٠٢١, 3.12.2021.
    pub(super) fn digits_date(&self, at: usize) -> Read<DateParts> {
        let (first, first_len) = self.digits(at)?;
        let sign = self.sign(at + 1)?;
        let (second, second_len) = self.digits(at + 2)?;
        let third = (self.sign(at + 3) == Some(sign)).then(|| self.digits(at + 4)).flatten();
        // "25 / 10 / 2017": between slashes a year of four digits makes the date sure.
        let year = third.is_some_and(|(_, len)| len == 4) && first_len <= 2 && second_len <= 2;
        let spaced = sign == Kind::Slash && year && at.checked_sub(1).and_then(|before| self.sign(before)).is_none();
        let joined = |at: usize| spaced || self.passage.is_unspaced(at);
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
        // "On Sunday (30/10)"
        let bracketed = at.checked_sub(2).is_some_and(|weekday| {
            self.passage.kind(weekday + 1) == Some(Kind::Open) && self.is(weekday, Word::Weekday)
        });
        let introduced = at.checked_sub(1).is_some_and(|before| {
            [Word::DateWord, Word::Day, Word::Weekday].iter().any(|word| {
                (1..=2).any(|len| {
                    let start = at.saturating_sub(len);
                    self.word(start, *word).is_some_and(|(_, end)| end == at)
                })
            }) && self.passage.kind(before) != Some(Kind::Slash)
        }) || bracketed;
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

    pub(super) fn sign(&self, at: usize) -> Option<Kind> {
        let kind = self.passage.kind(at).filter(|_| at < self.end)?;
        let comma = self.passage.slice(at) == "," || self.passage.slice(at) == "،" || self.passage.slice(at) == "٫";
        (matches!(kind, Kind::Slash | Kind::Dash | Kind::Separator) && !comma).then_some(kind)
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
    pub(super) fn two_digit_year(&self, at: usize) -> Read<i32> {
        let next = self.skip_marks(at, &[Kind::Comma]);
        let quote = matches!(self.passage.slice(next), "'" | "’" | "‘");
        if !quote {
            return None;
        }
        let (value, len) = self.digits(next + 1)?;
        (len == 2 && self.passage.is_unspaced(next + 1)).then_some((value as i32, next + 2))
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
    pub(super) fn digits(&self, at: usize) -> Option<(u32, usize)> {
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
}
