//! Finds expressions of time: single times, and how two of them make an interval.

use super::{
    expression::{DateParts, Expression, Found},
    lexicon::{TimeLexicon, Word},
};
use crate::{
    geoparse::passage::Passage,
    language::Language,
    text::{Kind, Token},
};

const fn bits(words: &[Word]) -> u64 {
    let (mut bits, mut at) = (0, 0);
    while at < words.len() {
        bits |= 1 << words[at] as u8;
        at += 1;
    }
    bits
}

/// Kinds of words that begin an expression.
const BEGINNINGS: u64 = bits(&[
    Word::Month,
    Word::Hijri,
    Word::Solar,
    Word::Weekday,
    Word::WeekdayBare,
    Word::Season,
    Word::Day,
    Word::Week,
    Word::MonthUnit,
    Word::Year,
    Word::Decade,
    Word::Hour,
    Word::Shift,
    Word::ShiftYear,
    Word::ShiftNight,
    Word::Last,
    Word::This,
    Word::Next,
    Word::Ago,
    Word::Later,
    Word::SameDay,
    Word::NextDay,
    Word::Since,
    Word::Until,
    Word::From,
    Word::Between,
    Word::During,
    Word::Before,
    Word::After,
    Word::Ordinal,
    Word::Part,
    Word::Daytime,
    Word::DateWord,
    Word::Feast,
    Word::FeastHijri,
    Word::Vague,
    Word::ShiftBeside,
    Word::Following,
    Word::First,
    Word::FeastDay,
    Word::DecadeNamed,
]);

/// Units of time.
const UNITS: u64 = bits(&[
    Word::Day,
    Word::Week,
    Word::MonthUnit,
    Word::Year,
    Word::Decade,
    Word::Hour,
]);

/// Kinds of words that make a time, and do not only lead to one.
const CORES: u64 = UNITS
    | bits(&[
        Word::Month,
        Word::Hijri,
        Word::Solar,
        Word::Weekday,
        Word::WeekdayBare,
        Word::Season,
        Word::Shift,
        Word::ShiftYear,
        Word::ShiftNight,
        Word::SameDay,
        Word::NextDay,
        Word::Feast,
        Word::FeastHijri,
        Word::Vague,
        Word::ShiftBeside,
        Word::DecadeNamed,
        Word::Part,
    ]);

/// Units, and nights that may be counted: "دوو شەوی ڕابردوو".
const COUNTED: u64 = UNITS | bits(&[Word::ShiftNight]);

/// Largest distance of words that lead to a time before it, in tokens.
const REACH_AHEAD: u8 = 6;
/// Largest distance of a number word before its unit, in tokens.
const UNIT_REACH: usize = 5;

/// For each token how many tokens ahead the next one that makes a time is, at most 255.
pub(super) fn tokens_ahead(tokens: &[Token], kinds: &[u64], ahead: &mut Vec<u8>) {
    ahead.clear();
    ahead.resize(tokens.len(), u8::MAX);
    let mut distance = u8::MAX;
    for at in (0..tokens.len()).rev() {
        let core = tokens[at].kind == Kind::Number || kinds[at] & CORES != 0;
        distance = if core { 0 } else { distance.saturating_add(1) };
        ahead[at] = distance;
    }
}

/// Reads expressions of time in the tokens of one paragraph.
#[derive(Clone, Copy)]
pub(super) struct Grammar<'a> {
    pub(super) passage: Passage<'a>,
    pub(super) lexicon: &'a TimeLexicon,
    /// First token of the paragraph, and one past its last one.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Kinds of the words that begin at each token of the paragraph, as bits.
    pub(super) kinds: &'a [u64],
    /// For each token how many tokens ahead the next one is that makes a time: a number, a month, a unit, a day.
    pub(super) ahead: &'a [u8],
    /// In digits the month comes before the day.
    pub(super) month_first: bool,
}

/// Something that was read, and the token after it.
pub(super) type Read<T> = Option<(T, usize)>;

impl<'a> Grammar<'a> {
    /// The expressions from a token to the end of the paragraph.
    pub(super) fn all(&self, found: &mut Vec<Found>) {
        let mut at = self.start;
        while at < self.end {
            match self.may_begin(at).then(|| self.expression(at)).flatten() {
                Some((expression, end)) => {
                    if !self.is_name(&expression, at, end) {
                        let owner = self.owner(at, found.last());
                        found.push(Found {
                            tokens: at..end,
                            expression,
                            owner,
                        });
                    }
                    at = end.max(at + 1);
                }
                None => at += 1,
            }
        }
    }

    /// True if an expression may begin at a token: most tokens are left out at once.
    fn may_begin(&self, at: usize) -> bool {
        let token = &self.passage.tokens[at];
        match token.kind {
            Kind::Number => true,
            Kind::Arabic | Kind::Latin => {
                let own = self.kinds[at - self.start];
                // Prepositions and number words are everywhere; without a time after them they begin none.
                self.ahead[at - self.start] <= REACH_AHEAD
                    && (own & BEGINNINGS != 0
                        || (self.has_unit_ahead(at)
                            && (self.skip_articles(at) > at || self.passage.roles(at).0.number.is_some())))
            }
            _ => false,
        }
    }

    /// A unit of time among the next few tokens: "two hundred days".
    fn has_unit_ahead(&self, at: usize) -> bool {
        let next = at + 1 - self.start;
        let last = (next + UNIT_REACH).min(self.kinds.len());
        self.kinds[next..last].iter().any(|kinds| kinds & COUNTED != 0)
    }

    /// The expression that begins at a token.
    fn expression(&self, at: usize) -> Read<Expression> {
        if self.is(at, Word::Vague) {
            return Some((Expression::Vague, at + self.len(at, Word::Vague)));
        }
        self.interval(at)
            .or_else(|| self.governed(at))
            .or_else(|| self.single(at))
    }

    /// "between 3 March and 7 April", "from March to June", "2014-2017".
    fn interval(&self, at: usize) -> Read<Expression> {
        let between = self.word(at, Word::Between);
        let from = self.word(at, Word::From);
        if let Some((_, first)) = between.or(from) {
            let (years, worded, open) = self.skip_bracket(first);
            let (one, next) = self.end_of_interval(years, worded)?;
            let link = match between {
                Some(_) => self.and(next).or_else(|| self.dash(next)),
                None => self
                    .word(next, Word::To)
                    .map(|(_, end)| end)
                    .or_else(|| self.dash(next)),
            };
            let second = self.skip_units(link?);
            // "from 2014 until now"
            if between.is_none()
                && let Some((_, end)) = self.word(self.skip_articles(second), Word::Now)
                && one
                    .parts()
                    .is_some_and(|parts| parts.year.is_some() || parts.month.is_some())
            {
                return Some((Expression::Since(Box::new(one)), self.circumposition(end)));
            }
            let (other, end) = self.end_of_interval(second, worded)?;
            let end = self.circumposition(end);
            let end = if open {
                self.skip_marks(end, &[Kind::Close])
            } else {
                end
            };
            return Some((
                Expression::Between(Box::new(self.completed(one, &other)?), Box::new(other)),
                end,
            ));
        }
        if self.passage.kind(at) == Some(Kind::Number) || self.is(at, Word::Month) {
            let (one, next) = self.date(at)?;
            let second = self.dash(next).or_else(|| {
                let (_, end) = self.word(next, Word::To)?;
                (self.passage.language != Language::English || self.passage.slice(next) != "and").then_some(end)
            })?;
            let (other, end) = self.date(second)?;
            let one = self.completed(Expression::Date(one), &Expression::Date(other))?;
            return Some((
                Expression::Between(Box::new(one), Box::new(Expression::Date(other))),
                end,
            ));
        }
        None
    }

    /// One end of an interval. `worded`: a word for "years" precedes it.
    fn end_of_interval(&self, at: usize, worded: bool) -> Read<Expression> {
        if let Some((year, next)) = self.year_number(at)
            && (worded || !self.is_count(next))
        {
            let parts = DateParts {
                year: Some(year),
                ..DateParts::default()
            };
            return Some((Expression::Date(parts), next));
        }
        self.single(at).or_else(|| {
            let (day, next) = self.small(at, 31)?;
            let parts = DateParts {
                day: Some(day),
                ..DateParts::default()
            };
            (!self.is_count(next)).then_some((Expression::Date(parts), self.tail(next)))
        })
    }

    /// The first end of an interval with the parts that only the second one has; none when the two do not belong
    /// together.
    fn completed(&self, one: Expression, other: &Expression) -> Option<Expression> {
        let (Some(mine), Some(theirs)) = (one.parts().copied(), other.parts()) else {
            let bare = |side: &Expression| {
                side.parts()
                    .is_some_and(|parts| parts.month.is_none() && parts.year.is_none())
            };
            return (!bare(&one) && !bare(other)).then_some(one);
        };
        if theirs.month.is_none() && theirs.year.is_none() && theirs.season.is_none() {
            return None;
        }
        let mut parts = mine;
        if mine.month.is_none() && mine.day.is_some() {
            theirs.day?;
            parts.month = theirs.month;
            parts.calendar = theirs.calendar;
        }
        if mine.year.is_none() {
            parts.year = theirs.year;
        }
        Some(Expression::Date(parts))
    }

    /// Since, until, before or after a time.
    fn governed(&self, at: usize) -> Read<Expression> {
        type Make = fn(Box<Expression>) -> Expression;
        if let Some((expression, end)) = self.since_beginning(at) {
            return Some((expression, end));
        }
        let sides: [(Word, Make); 4] = [
            (Word::Since, Expression::Since),
            (Word::Until, Expression::Until),
            (Word::Before, Expression::Before),
            (Word::After, Expression::After),
        ];
        // "بعد غد" is one day, not the time after another one.
        if self.is(at, Word::Shift) {
            return None;
        }
        for (word, make) in sides {
            let Some((_, next)) = self.word(at, word) else {
                continue;
            };
            // "before dawn on Friday" is a part of Friday.
            let around = matches!(word, Word::Before | Word::After);
            if around && self.is(self.skip_articles(next), Word::Daytime) {
                return None;
            }
            // A number of units after the word is a distance: "before two days".
            if word == Word::Before && self.counted(next).is_some() || self.away(at).is_some() {
                return None;
            }
            let Some((inner, end)) = self.end_of_interval(self.skip_articles(next), false) else {
                continue;
            };
            let bare = inner
                .parts()
                .is_some_and(|parts| parts.month.is_none() && parts.year.is_none() && parts.season.is_none());
            let day = matches!(
                inner,
                Expression::Span { .. } | Expression::Duration { .. } | Expression::Away { .. }
            );
            if bare || day {
                return None;
            }
            // In Sorani the word for "in" opens "since" too, and only a suffix distinguishes them.
            if self.passage.language == Language::Sorani && word == Word::Since && self.passage.slice(at) == "لە" {
                let after = self.since_suffix(end)?;
                return Some((make(Box::new(inner)), after));
            }
            // "since 1971 until 1985"
            if word == Word::Since
                && let Some((_, next)) = self.word(end, Word::To)
                && let Some((other, end)) = self.end_of_interval(self.skip_units(next), false)
                && let Some(one) = self.completed(inner.clone(), &other)
            {
                return Some((Expression::Between(Box::new(one), Box::new(other)), end));
            }
            if word == Word::Since
                && self.passage.language == Language::English
                && self.passage.slice(at).eq_ignore_ascii_case("from")
            {
                return None;
            }
            return Some((make(Box::new(inner)), end));
        }
        None
    }

    /// "since the beginning of the year": of the present one.
    fn since_beginning(&self, at: usize) -> Read<Expression> {
        let (_, next) = self.word(at, Word::Since)?;
        let (part, start) = self.part(next);
        let start = self.skip_articles(self.skip(start, Word::Of));
        // "لە سەرەتای ئەمساڵەوە": one word says both.
        let this_year = self.word(start, Word::ShiftYear).filter(|(years, _)| *years == 0);
        let (_, end) = this_year
            .or_else(|| self.word(start, Word::Year))
            .filter(|_| part == Some(1))?;
        if self.year_number(end).is_some() || self.which(end).is_some() || self.is(end, Word::Of) {
            return None;
        }
        let end = match self.passage.language {
            Language::Sorani if self.passage.kind(at) == Some(Kind::Arabic) => self.since_suffix(end)?,
            _ => end,
        };
        let year = Expression::Period {
            unit: super::expression::Unit::Year,
            which: super::expression::Which::This,
            part,
        };
        Some((Expression::Since(Box::new(year)), end))
    }

    /// A Sorani ەوە that closes "since": its own token after digits, or the end of the last word.
    fn since_suffix(&self, end: usize) -> Option<usize> {
        if matches!(self.passage.slice(end), "ەوە" | "وە") && self.passage.is_unspaced(end) {
            return Some(end + 1);
        }
        let last = self.passage.slice(end.checked_sub(1)?);
        (last.ends_with("ەوە") || last.ends_with("یەوە")).then_some(end)
    }

    pub(super) fn circumposition(&self, end: usize) -> usize {
        let suffix = matches!(self.passage.slice(end), "دا" | "ەوە" | "وە") && self.passage.is_unspaced(end);
        end + usize::from(suffix)
    }

    /// One time by itself.
    pub(super) fn single(&self, at: usize) -> Read<Expression> {
        self.anaphor(at)
            .or_else(|| self.shift(at))
            .or_else(|| self.nights(at))
            .or_else(|| self.edge_of(at))
            .or_else(|| self.two_years(at))
            .or_else(|| self.date(at).map(|(parts, end)| (Expression::Date(parts), end)))
            .or_else(|| self.day_of_month(at))
            .or_else(|| self.feast(at))
            .or_else(|| self.away(at))
            .or_else(|| self.span(at))
            .or_else(|| self.period(at))
            .or_else(|| self.weekday(at))
    }

    // ------------------------------------------------------------------ words

    /// The value of a word or phrase of a kind, and the token after it.
    pub(super) fn word(&self, at: usize, word: Word) -> Read<i32> {
        if at >= self.end || at < self.start || self.kinds[at - self.start] & (1 << word as u8) == 0 {
            return None;
        }
        let Passage {
            text, tokens, language, ..
        } = self.passage;
        let (value, len) = self.lexicon.find(text, tokens, at, language, word)?;
        (at + len <= self.end).then_some((value, at + len))
    }

    pub(super) fn is(&self, at: usize, word: Word) -> bool {
        self.word(at, word).is_some()
    }

    fn len(&self, at: usize, word: Word) -> usize {
        self.word(at, word).map_or(1, |(_, end)| end - at)
    }

    pub(super) fn skip(&self, at: usize, word: Word) -> usize {
        self.word(at, word).map_or(at, |(_, end)| end)
    }

    pub(super) fn skip_daytime(&self, at: usize) -> usize {
        self.skip(at, Word::Daytime)
    }

    /// Past a part of the day after a day, unless "and" opens another time with it: "مساء غد وظهر أمس".
    pub(super) fn skip_daytime_behind(&self, at: usize) -> usize {
        match self.and(at) {
            Some(_) => at,
            None => self.skip_daytime(at),
        }
    }

    /// "the", "a", and the Arabic article before a number (الـ24).
    pub(super) fn skip_articles(&self, at: usize) -> usize {
        let slice = self.passage.slice(at);
        let article = match slice.len() {
            1..=3 => matches!(slice, "the" | "a" | "an" | "The" | "A" | "An"),
            4..=8 => matches!(slice, "ال" | "الـ" | "الــ" | "لل" | "ذي"),
            _ => false,
        };
        at + usize::from(article)
    }

    /// The first end of an interval: past a bracket and "the years", whether the latter precede it, and whether a bracket is
    /// open: "between (1980 - 1988)".
    fn skip_bracket(&self, at: usize) -> (usize, bool, bool) {
        let years = self.skip_units(at);
        let worded = self.word(self.skip_articles(at), Word::Year).map(|(_, end)| end);
        let before = worded.unwrap_or(at);
        let inside = self.skip_marks(before, &[Kind::Open]);
        if inside > before && self.year_number(inside).is_some() {
            return (inside, worded.is_some(), true);
        }
        (years, years > at, false)
    }

    /// "the years" before two years, "the period".
    fn skip_units(&self, at: usize) -> usize {
        match self.word(self.skip_articles(at), Word::Year) {
            Some((_, end)) if self.year_number(end).is_some() => end,
            _ => at,
        }
    }

    pub(super) fn skip_marks(&self, at: usize, marks: &[Kind]) -> usize {
        match self.passage.kind(at) {
            Some(kind) if at < self.end && marks.contains(&kind) => at + 1,
            _ => at,
        }
    }

    /// Where the second of two goes on that "and" joins.
    pub(super) fn and(&self, at: usize) -> Option<usize> {
        if let Some((_, end)) = self.word(at, Word::And) {
            return Some(end);
        }
        let joined = self.passage.slice(at).starts_with('و')
            && self.passage.language == Language::Arabic
            && self.passage.tokens.get(at).is_some_and(|token| token.cut > 0);
        joined.then_some(at)
    }

    pub(super) fn dash(&self, at: usize) -> Option<usize> {
        (self.passage.kind(at) == Some(Kind::Dash) && at + 1 < self.end).then_some(at + 1)
    }
}
