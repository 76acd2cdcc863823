//! Finds expressions of time: single times, and how two of them make an interval.

use super::{
    expression::{DateParts, Expression, Found, Unit, Which},
    lexicon::{TimeLexicon, Word},
};
use crate::{
    geoparse::{
        claim_lexicon::{List, Lists},
        number::number,
        passage::Passage,
    },
    language::Language,
    text::{Kind, Token},
};

/// The largest count of units that is read: more says nothing about days.
const MAX_COUNT: f64 = 5000.0;

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
    ]);

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
                    found.push(Found {
                        tokens: at..end,
                        expression,
                    });
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
        self.kinds[next..last].iter().any(|kinds| kinds & UNITS != 0)
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
            let years = self.skip_units(first);
            let worded = years > first;
            let (one, next) = self.end_of_interval(years, worded)?;
            let link = match between {
                Some(_) => self.and(next).or_else(|| self.dash(next)),
                None => self
                    .word(next, Word::To)
                    .map(|(_, end)| end)
                    .or_else(|| self.dash(next)),
            };
            let second = self.skip_units(link?);
            let (other, end) = self.end_of_interval(second, worded)?;
            let end = self.circumposition(end);
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
        let sides: [(Word, Make); 4] = [
            (Word::Since, Expression::Since),
            (Word::Until, Expression::Until),
            (Word::Before, Expression::Before),
            (Word::After, Expression::After),
        ];
        for (word, make) in sides {
            let Some((_, next)) = self.word(at, word) else {
                continue;
            };
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

    /// A Sorani ەوە that closes "since": its own token after digits, or the end of the last word.
    fn since_suffix(&self, end: usize) -> Option<usize> {
        if matches!(self.passage.slice(end), "ەوە" | "وە") && self.passage.is_unspaced(end) {
            return Some(end + 1);
        }
        let last = self.passage.slice(end.checked_sub(1)?);
        (last.ends_with("ەوە") || last.ends_with("یەوە")).then_some(end)
    }

    fn circumposition(&self, end: usize) -> usize {
        let suffix = matches!(self.passage.slice(end), "دا" | "ەوە" | "وە") && self.passage.is_unspaced(end);
        end + usize::from(suffix)
    }

    /// One time by itself.
    pub(super) fn single(&self, at: usize) -> Read<Expression> {
        self.anaphor(at)
            .or_else(|| self.shift(at))
            .or_else(|| self.date(at).map(|(parts, end)| (Expression::Date(parts), end)))
            .or_else(|| self.day_of_month(at))
            .or_else(|| self.feast(at))
            .or_else(|| self.away(at))
            .or_else(|| self.span(at))
            .or_else(|| self.period(at))
            .or_else(|| self.weekday(at))
    }

    fn anaphor(&self, at: usize) -> Read<Expression> {
        for word in [Word::SameDay, Word::NextDay] {
            let shift = self.word(at, Word::Shift).map_or(0, |(_, end)| end);
            if let Some((value, end)) = self.word(at, word).filter(|(_, end)| *end > shift) {
                let from = Expression::From {
                    count: value,
                    unit: Unit::Day,
                };
                return Some((from, end));
            }
        }
        None
    }

    /// "yesterday", "yesterday Saturday", "Saturday evening, yesterday".
    fn shift(&self, at: usize) -> Read<Expression> {
        let start = self.skip_daytime(at);
        if let Some((years, end)) = self.word(start, Word::ShiftYear) {
            return Some((Expression::ShiftYear(years), end));
        }
        let shift = self
            .word(start, Word::Shift)
            .or_else(|| self.word(start, Word::ShiftNight));
        let (days, end) = shift?;
        // اليوم is "today" and "the day": the next words distinguish them.
        if days == 0 && (self.is_counted_day(start, end) || self.is_day_of(start, end)) {
            return None;
        }
        let mut next = self.skip_daytime(end);
        let mut weekday = None;
        let after = self.skip_marks(next, &[Kind::Comma, Kind::Open]);
        let after = self.skip(after, Word::Day);
        if let Some((day, end)) = self.word(after, Word::Weekday)
            && self.date(after).is_none()
        {
            weekday = Some(day as u8);
            next = self.skip_daytime(end);
        } else if self.date(after).is_some_and(|(parts, _)| parts.day.is_some()) {
            // "today, Saturday 4 December": the date says it better.
            let (parts, end) = self.date(after)?;
            return Some((Expression::Date(parts), end));
        }
        Some((Expression::Shift { days, weekday }, next.max(end)))
    }

    /// "the day" with an adjective or a number beside it, and not "today".
    fn is_counted_day(&self, _start: usize, end: usize) -> bool {
        let adjective = [Word::Last, Word::Next, Word::Ordinal];
        self.passage.language == Language::Arabic && adjective.iter().any(|word| self.is(end, *word))
    }

    /// "the International Day of …": the day of something.
    fn is_day_of(&self, start: usize, end: usize) -> bool {
        let slice = self.passage.slice(end);
        self.passage.language == Language::Arabic
            && self.passage.slice(start).ends_with("اليوم")
            && matches!(
                slice,
                "العالمي" | "الوطني" | "الدولي" | "الأول" | "الأخير" | "الواحد" | "الذي"
            )
    }

    /// "the ninth of this month", "التاسع من الشهر الجاري", "٩ی ئەم مانگە".
    fn day_of_month(&self, at: usize) -> Read<Expression> {
        let (weekday, start) = self.weekday_before(at);
        let (day, next) = self.day(self.skip_articles(start))?;
        let next = self.skip(self.skip(next, Word::Of), Word::Tail);
        let next = self.skip_articles(next);
        let before = self.which(next);
        let (_, end) = self.word(before.map_or(next, |(_, end)| end), Word::MonthUnit)?;
        let (which, end) = match before {
            Some((which, _)) => (which, end),
            None => self.which(end)?,
        };
        Some((Expression::DayOfMonth { day, which, weekday }, end))
    }

    fn feast(&self, at: usize) -> Read<Expression> {
        use super::calendar::Calendar;
        for (word, calendar) in [
            (Word::Feast, Calendar::Gregorian),
            (Word::FeastHijri, Calendar::Islamic),
        ] {
            let Some((value, end)) = self.word(at, word) else {
                continue;
            };
            let (year, end) = match self.year(end) {
                Some((year, end)) => (Some(year), end),
                None => (None, end),
            };
            let feast = Expression::Feast {
                calendar,
                month: (value / 100) as u8,
                day: (value % 100) as u8,
                year,
            };
            return Some((feast, end));
        }
        None
    }

    /// A number with a unit: "ten months", "شهرين".
    pub(super) fn counted(&self, at: usize) -> Read<(i32, Unit)> {
        let at = self.skip_approximation(self.skip_articles(at));
        if let Some((count, next)) = self.count(at) {
            let next = match self.passage.kind(next) {
                Some(Kind::Dash) => next + 1,
                _ => next,
            };
            let (unit, _, end) = self.unit(next)?;
            return Some(((count, unit), end));
        }
        let (unit, implied, end) = self.unit(at)?;
        if implied > 1 {
            return Some(((implied, unit), end));
        }
        // الأشهر العشرة: the number follows its noun.
        if self.passage.language == Language::Arabic
            && let Some((count, end)) = self.count(end)
            && !self.is(end, Word::Month)
            && count <= 100
        {
            return Some(((count, unit), end));
        }
        None
    }

    /// "about", "more than" before a number.
    fn skip_approximation(&self, at: usize) -> usize {
        let (roles, len) = self.passage.roles(at);
        match at < self.end && roles.approximates_next.is_some() && roles.number.is_none() {
            true => at + len,
            false => at,
        }
    }

    /// A whole number that counts.
    pub(super) fn count(&self, at: usize) -> Read<i32> {
        let word = self.passage.kind(at);
        if word != Some(Kind::Number) && self.passage.roles(at).0.number.is_none() {
            return None;
        }
        let found = number(&self.passage, at, self.end, false)?;
        let whole = found.value.fract() == 0.0 && (1.0..=MAX_COUNT).contains(&found.value);
        (whole && !found.vague && found.upper.is_none()).then_some((found.value as i32, found.end))
    }

    /// A unit, the number that its form implies, and the token after it.
    pub(super) fn unit(&self, at: usize) -> Option<(Unit, i32, usize)> {
        let units = [
            (Word::Day, Unit::Day),
            (Word::Week, Unit::Week),
            (Word::MonthUnit, Unit::Month),
            (Word::Year, Unit::Year),
            (Word::Decade, Unit::Decade),
            (Word::Hour, Unit::Hour),
        ];
        units.into_iter().find_map(|(word, unit)| {
            let (value, end) = self.word(at, word)?;
            Some((unit, value, end))
        })
    }

    /// "two days ago", "قبل يومين", "پێش دوو ڕۆژ", "two days later", "in three days".
    fn away(&self, at: usize) -> Read<Expression> {
        if let Some((_, next)) = self.word(at, Word::Ago) {
            let (count, unit, end) = match self.counted(next) {
                Some(((count, unit), end)) => (count, unit, end),
                None => {
                    let (unit, _, end) = self.unit(next).filter(|_| self.is_one(next))?;
                    (1, unit, end)
                }
            };
            if self.is_month_beside(end) {
                return None;
            }
            if self.is_last(end) && self.passage.language != Language::Arabic {
                return None;
            }
            // "two days before the election"
            let from_event = self.is_before_occasion(end);
            let expression = match from_event {
                true => Expression::Event,
                false => Expression::Away { count: -count, unit },
            };
            let now = self.passage.slice(end) == "الآن";
            return Some((expression, if from_event { end + 1 } else { end + usize::from(now) }));
        }
        if let Some((_, next)) = self.word(at, Word::Later) {
            let ((count, unit), end) = self.counted(next).or_else(|| {
                let (unit, _, end) = self.unit(next).filter(|_| self.is_one(next))?;
                Some(((1, unit), end))
            })?;
            if self.is_month_beside(end) {
                return None;
            }
            let from_event = self.is_before_occasion(end);
            return Some(match from_event {
                true => (Expression::Event, end + 1),
                false => (Expression::From { count, unit }, end),
            });
        }
        let (count, unit, end) = self
            .counted(at)
            .map(|((count, unit), end)| (count, unit, end))
            .or_else(|| {
                // "a week ago", "ساڵێک لەمەوبەر"
                let start = self.skip_articles(at);
                let (unit, _, end) = self.unit(start)?;
                let one = start > at || self.passage.slice(start).contains("ێک");
                one.then_some((1, unit, end))
            })?;
        let signs = [
            (Word::AgoAfter, true),
            (Word::LaterAfter, false),
            (Word::EarlierAfter, false),
        ];
        for (word, ago) in signs {
            let Some((_, end)) = self.word(end, word) else {
                continue;
            };
            let back = word != Word::LaterAfter;
            let count = if back { -count } else { count };
            return Some(match ago {
                true => (Expression::Away { count, unit }, end),
                false => (Expression::From { count, unit }, end),
            });
        }
        if self.word(end, Word::RelationAfter).is_some() {
            return Some((Expression::Event, end + 1));
        }
        None
    }

    /// "of the elections" after a distance in time: it is counted from them. "from the village" is not.
    fn is_before_occasion(&self, end: usize) -> bool {
        let link = match self.passage.language {
            Language::Arabic => self.passage.slice(end) == "من",
            Language::Sorani => self.passage.slice(end) == "لە",
            _ => false,
        };
        let events = Lists::of(&[List::Content, List::Event, List::Meeting]);
        link && (self.is(end + 1, Word::Occasion) || self.passage.lists(end + 1).any(events))
    }

    /// A singular noun that means one: "قبل أسبوع", "پێش مانگێک".
    fn is_one(&self, at: usize) -> bool {
        let slice = self.passage.slice(at);
        match self.passage.language {
            Language::Arabic => !slice.starts_with("ال") && !slice.starts_with("أ") || matches!(slice, "أسبوع"),
            Language::Sorani => slice.contains("ێک"),
            _ => false,
        }
    }

    /// شهر آذار is March and not "a month".
    fn is_month_beside(&self, at: usize) -> bool {
        [Word::Month, Word::Hijri, Word::Solar]
            .iter()
            .any(|word| self.is(at, *word))
            || self.year_number(at).is_some()
    }

    fn is_last(&self, at: usize) -> bool {
        self.is(at, Word::Last)
    }

    /// "the last ten months", "the coming three days", "during ten months".
    fn span(&self, at: usize) -> Read<Expression> {
        let during = self.word(at, Word::During).map(|(_, next)| next);
        let start = self.skip_articles(during.unwrap_or(at));
        let before = self.which(start);
        let inner = before.map_or(start, |(_, next)| next);
        let ((count, unit), end) = self.counted(inner)?;
        let after = self.which(end);
        let which = before.or(after).map(|(which, _)| which);
        let end = match (before, after) {
            (None, Some((_, end))) => end,
            _ => end,
        };
        match (which, during) {
            (Some(which), _) => Some((Expression::Span { count, unit, which }, end)),
            (None, Some(_)) if !self.is_relative(end) => {
                Some((Expression::Duration { count, unit }, self.circumposition(end)))
            }
            _ => None,
        }
    }

    fn is_relative(&self, end: usize) -> bool {
        [
            Word::AgoAfter,
            Word::LaterAfter,
            Word::EarlierAfter,
            Word::RelationAfter,
        ]
        .iter()
        .any(|word| self.is(end, *word))
    }

    pub(super) fn which(&self, at: usize) -> Read<Which> {
        [
            (Word::Last, Which::Last),
            (Word::This, Which::This),
            (Word::Next, Which::Next),
        ]
        .into_iter()
        .find_map(|(word, which)| Some((which, self.word(at, word)?.1)))
    }

    /// "last week", "الشهر الماضي", "ئەم مانگە".
    fn period(&self, at: usize) -> Read<Expression> {
        let (part, start) = self.part(at);
        let start = self.skip_articles(start);
        let before = self.which(start);
        let inner = before.map_or(start, |(_, next)| next);
        let (unit, implied, end) = self.unit(inner)?;
        if implied > 1 || unit == Unit::Hour {
            // الشهرين الماضيين
            let (which, after) = before.map(|(which, _)| (which, end)).or_else(|| self.which(end))?;
            return (unit != Unit::Hour).then_some((
                Expression::Span {
                    count: implied,
                    unit,
                    which,
                },
                after,
            ));
        }
        let (which, end) = match (before, self.which(end)) {
            // هذا الأسبوع, "last week"
            (Some((which, _)), after) => (which, after.map_or(end, |(_, end)| end).min(end.max(inner))),
            (None, Some((which, after))) => (which, after),
            (None, None) => return None,
        };
        // Arabic: before its noun only هذا; "last" follows it, and آخر is no period.
        if self.passage.language == Language::Arabic && before.is_some_and(|(which, _)| which != Which::This) {
            return None;
        }
        Some((Expression::Period { unit, which, part }, end))
    }

    /// A weekday by itself.
    fn weekday(&self, at: usize) -> Read<Expression> {
        let start = self.skip_daytime(at);
        let start = self.skip(start, Word::Day);
        let start = self.skip_daytime(start);
        let before = self.which(start);
        let named = before.map_or(start, |(_, next)| next);
        let (weekday, end) = self.word(named, Word::Weekday)?;
        if self.passage.kind(named) == Some(Kind::Latin) && !self.passage.tokens[named].is_capital() {
            return None;
        }
        // الاثنين may be "the two", الأحد "anyone": of a pair of people they are no days.
        let after = self.skip_daytime(end);
        let which = before.or_else(|| self.which(after));
        let end = match (before, which) {
            (None, Some((_, end))) => end,
            _ => after,
        };
        Some((
            Expression::Weekday {
                weekday: weekday as u8,
                which: which.map(|(which, _)| which),
            },
            self.skip_daytime(end),
        ))
    }

    pub(super) fn part(&self, at: usize) -> (Option<u8>, usize) {
        let start = self.skip_articles(at);
        match self.word(start, Word::Part) {
            Some((part, next)) => {
                let next = match self.passage.kind(next) {
                    Some(Kind::Dash) if self.passage.language == Language::English => next + 1,
                    _ => next,
                };
                (Some(part as u8), next)
            }
            None => (None, at),
        }
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
