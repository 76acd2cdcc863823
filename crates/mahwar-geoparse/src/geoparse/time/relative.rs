//! Times that are counted from the publication or from another time: days, weekdays, weeks, months, years, feasts.

use super::{
    calendar::Calendar,
    expression::{DateParts, Edge, Expression, Unit, Which},
    grammar::{Grammar, Read},
    lexicon::Word,
};
use crate::{
    geoparse::{
        claim_lexicon::{List, Lists},
        number::number,
    },
    language::Language,
    text::Kind,
};

/// The largest count of units that is read: more says nothing about days.
const MAX_COUNT: f64 = 5000.0;

/// Parts of a year that are quarters of it.
const QUARTERS: std::ops::RangeInclusive<u8> = 11..=14;

impl Grammar<'_> {
    pub(super) fn anaphor(&self, at: usize) -> Read<Expression> {
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
    pub(super) fn shift(&self, at: usize) -> Read<Expression> {
        // "الليلة الماضية" begins with a word that is a part of a day as well.
        let daytime = self.skip_daytime(at);
        let words = [Word::ShiftYear, Word::Shift, Word::ShiftNight];
        let begins = |start: &usize| words.iter().any(|word| self.is(*start, *word));
        let start = [at, daytime].into_iter().find(begins).unwrap_or(daytime);
        if let Some((years, end)) = self.word(start, Word::ShiftYear) {
            return Some((Expression::ShiftYear(years), end));
        }
        let shift = self
            .word(start, Word::Shift)
            .or_else(|| self.word(start, Word::ShiftNight))
            .or_else(|| self.shift_beside(at, start));
        let (days, end) = shift?;
        // اليوم is "today" and "the day": the next words distinguish them.
        if days == 0 && (self.is_counted_day(start, end) || self.is_day_of(start, end)) {
            return None;
        }
        let mut next = self.skip_daytime_behind(end);
        let mut weekday = None;
        let after = self.skip_marks(next, &[Kind::Comma, Kind::Open]);
        let after = self.skip(after, Word::Day);
        if let Some((day, end)) = self.word(after, Word::Weekday)
            && self.date(after).is_none()
        {
            weekday = Some(day as u8);
            next = self.skip_daytime_behind(end);
        } else if self.date(after).is_some_and(|(parts, _)| parts.day.is_some()) {
            // "today, Saturday 4 December": the date says it better.
            let (parts, end) = self.date(after)?;
            return Some((Expression::Date(parts), end));
        }
        Some((Expression::Shift { days, weekday }, next.max(end)))
    }

    /// A word that is "tomorrow" only after a part of the day or before a weekday: "صباح غد", "غد الخميس".
    fn shift_beside(&self, at: usize, start: usize) -> Read<i32> {
        let (days, end) = self.word(start, Word::ShiftBeside)?;
        let beside = start > at || self.is(self.skip(end, Word::Day), Word::Weekday);
        beside.then_some((days, end))
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
    pub(super) fn day_of_month(&self, at: usize) -> Read<Expression> {
        let (weekday, start) = self.weekday_before(at);
        let (day, next) = self.day(self.skip_articles(start))?;
        // "ئەم" folds to the tail "یەم", which is never a word of its own.
        let next = self.tail(self.skip_of(next, Word::MonthUnit));
        let next = self.skip_articles(next);
        let before = self.which(next);
        let (_, end) = self.word(before.map_or(next, |(_, end)| end), Word::MonthUnit)?;
        let (which, end) = match before {
            Some((which, _)) => (which, end),
            None => self.which(end)?,
        };
        Some((Expression::DayOfMonth { day, which, weekday }, end))
    }

    pub(super) fn feast(&self, at: usize) -> Read<Expression> {
        let (later, at) = match self.word(self.skip_articles(at), Word::FeastDay) {
            Some((day, end)) => (u8::try_from(day).unwrap_or(1).saturating_sub(1), end),
            None => (0, at),
        };
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
                later,
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
    pub(super) fn away(&self, at: usize) -> Read<Expression> {
        if let Some((_, next)) = self.word(at, Word::Ago) {
            let (count, unit, end) = match self.counted(next) {
                Some(((count, unit), end)) => (count, unit, end),
                None => {
                    // "قبل نحو شهر"
                    let next = self.skip_approximation(next);
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
        // "the week before last"
        if self.is(end, Word::BeforeLast) {
            return None;
        }
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
    pub(super) fn span(&self, at: usize) -> Read<Expression> {
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
            // "in a two-day campaign": nothing says when it was.
            (None, Some(_)) if self.is_compound(end) => Some((Expression::Vague, end)),
            (None, Some(_)) if !self.is_relative(end) => {
                // "In two days" of a plan and "in two days" of a feat.
                let expression = match self.passage.slice(at).eq_ignore_ascii_case("in") {
                    true => Expression::Ahead { count, unit },
                    false => Expression::Duration { count, unit },
                };
                Some((expression, self.circumposition(end)))
            }
            _ => None,
        }
    }

    /// "two-day": a number and a unit in the singular that a dash joins are an adjective.
    fn is_compound(&self, end: usize) -> bool {
        let joined = end > self.start + 1 && self.passage.kind(end - 2) == Some(Kind::Dash);
        joined && self.passage.language == Language::English && !self.is_plural(end - 1)
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

    /// "دوو شەوی ڕابردوو": nights that are counted back. In other languages the number may count what happened last night.
    pub(super) fn nights(&self, at: usize) -> Read<Expression> {
        if self.passage.language != Language::Sorani {
            return None;
        }
        let (count, next) = self.count(at)?;
        let (_, end) = self.word(next, Word::ShiftNight).filter(|(nights, _)| *nights < 0)?;
        let span = Expression::Span {
            count,
            unit: Unit::Day,
            which: Which::Last,
        };
        Some((span, self.circumposition(end)))
    }

    pub(super) fn which(&self, at: usize) -> Read<Which> {
        [
            (Word::BeforeLast, Which::BeforeLast),
            (Word::Last, Which::Last),
            (Word::This, Which::This),
            (Word::Next, Which::Next),
        ]
        .into_iter()
        .find_map(|(word, which)| Some((which, self.word(at, word)?.1)))
    }

    /// "last week", "الشهر الماضي", "ئەم مانگە".
    pub(super) fn period(&self, at: usize) -> Read<Expression> {
        let (part, start) = self.part(at);
        let start = self.skip_articles(start);
        // "سەرەتای ئەمساڵ"
        if let Some((years, end)) = self.word(start, Word::ShiftYear).filter(|_| part.is_some()) {
            let which = match years {
                0 => Which::This,
                -1 => Which::Last,
                1 => Which::Next,
                _ => return None,
            };
            let unit = Unit::Year;
            return Some((Expression::Period { unit, which, part }, end));
        }
        let before = self.which(start);
        let inner = before.map_or(start, |(_, next)| next);
        let Some((unit, implied, end)) = self.unit(inner) else {
            return self.unnamed_quarter(at, part?, start).filter(|_| before.is_none());
        };
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
            (None, None) => {
                // "before the end of the year" lasts into that end.
                let before = at.checked_sub(1).is_some_and(|before| self.is(before, Word::Before));
                return self.unnamed_period(inner, unit, part.filter(|_| !before)?, end);
            }
        };
        if unit == Unit::Week
            && part.is_none()
            && let Some((weekday, end)) = self.weekday_behind(end)
        {
            return Some((Expression::WeekdayIn { weekday, which }, end));
        }
        // Arabic: before its noun only هذا; "last" follows it, and آخر is no period.
        if self.passage.language == Language::Arabic && before.is_some_and(|(which, _)| which != Which::This) {
            return None;
        }
        // "the coming days", السنوات السابقة: without a number they set no limit.
        if self.is_plural(inner) {
            return Some((Expression::Vague, end));
        }
        Some((Expression::Period { unit, which, part }, end))
    }

    /// "the end of the month", "نهاية الشهر", "کۆتایی مانگ".
    fn unnamed_period(&self, at: usize, unit: Unit, part: u8, end: usize) -> Read<Expression> {
        let slice = self.passage.slice(at);
        let definite = match self.passage.language {
            Language::English => !self.is_plural(at) && self.skip_articles(at - 1) == at,
            Language::Arabic => slice.starts_with("ال"),
            _ => !slice.ends_with('ی'),
        };
        let whole = matches!(unit, Unit::Month | Unit::Year) && (1..=5).contains(&part)
            || (unit == Unit::Year && QUARTERS.contains(&part));
        let goes_on = self.passage.kind(end) == Some(Kind::Number)
            || [Word::Of, Word::Tail, Word::Year, Word::Last, Word::Next, Word::First]
                .iter()
                .any(|word| self.is(end, *word));
        (definite && whole && !goes_on).then_some((Expression::UnnamedPeriod { unit, part }, end))
    }

    /// "in the first quarter": of a year that the words do not name.
    fn unnamed_quarter(&self, at: usize, part: u8, end: usize) -> Read<Expression> {
        let mut before = at.checked_sub(1)?;
        if before > self.start && self.skip_articles(before) == at {
            before -= 1;
        }
        let governed = self.is(before, Word::In) || self.is(before, Word::During);
        // "of the match": the words say of what it is a quarter.
        let of = self.is(end, Word::Of) || end.checked_sub(1).is_some_and(|last| self.is(last, Word::Of));
        let closed = end >= self.end
            || match self.passage.kind(end) {
                Some(Kind::Arabic) => self.is_latin(at) || !self.is_latin(end),
                kind => matches!(kind, Some(Kind::Stop | Kind::Comma | Kind::Semicolon | Kind::Close)),
            };
        (QUARTERS.contains(&part) && governed && !of && closed)
            .then_some((Expression::UnnamedPeriod { unit: Unit::Year, part }, end))
    }

    /// A weekday by itself.
    pub(super) fn weekday(&self, at: usize) -> Read<Expression> {
        let start = self.skip_daytime(at);
        let start = self.skip(start, Word::Day);
        let start = self.skip_daytime(start);
        let before = self.which(start);
        let named = before.map_or(start, |(_, next)| next);
        let following = self.word(named, Word::Following).map(|(_, end)| end);
        let named = following.unwrap_or(named);
        let (weekday, end) = self.word(named, Word::Weekday)?;
        if self.passage.kind(named) == Some(Kind::Latin) && !self.passage.tokens[named].is_capital() {
            return None;
        }
        // "on Fridays": no single day.
        if self.is_latin(named) && self.is_plural(named) {
            return Some((Expression::Vague, end));
        }
        // الاثنين may be "the two", الأحد "anyone": of a pair of people they are no days.
        let after = self.skip_daytime_behind(end);
        let last = following.or_else(|| self.word(after, Word::Following).map(|(_, end)| end));
        if let Some(last) = last {
            return Some((Expression::WeekdayAfter(weekday as u8), last.max(after)));
        }
        if before.is_none() {
            if let Some((which, end)) = self.week_behind(after) {
                let weekday = weekday as u8;
                return Some((Expression::WeekdayIn { weekday, which }, end));
            }
            // "from Monday to Wednesday" is an interval.
            let led = at.checked_sub(1).is_some_and(|before| self.is(before, Word::From));
            let link = self.dash(end).or_else(|| self.word(end, Word::To).map(|(_, end)| end));
            let link = link.filter(|_| !led);
            if let Some((last, end)) = link.and_then(|link| self.word(self.skip(link, Word::Day), Word::Weekday)) {
                let first = weekday as u8;
                return Some((
                    Expression::Weekdays {
                        first,
                        last: last as u8,
                    },
                    end,
                ));
            }
        }
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
            self.skip_daytime_behind(end),
        ))
    }

    /// The week of a weekday: "of last week", "من الأسبوع الماضي".
    fn week_behind(&self, at: usize) -> Read<Which> {
        let start = self.skip_articles(self.skip(self.skip(at, Word::Tail), Word::Of));
        let before = self.which(start);
        let (_, end) = self.word(before.map_or(start, |(_, end)| end), Word::Week)?;
        match before {
            Some((which, _)) => Some((which, end)),
            None => self.which(end),
        }
    }

    /// The weekday inside a week: "last week, on Wednesday", "الأسبوع الماضي، يوم الأربعاء".
    fn weekday_behind(&self, at: usize) -> Read<u8> {
        let start = self.skip(self.skip_marks(at, &[Kind::Comma]), Word::In);
        let start = self.skip(start, Word::Day);
        let (weekday, end) = self.word(start, Word::Weekday)?;
        let dated = self.date(start).is_some() || self.which(end).is_some();
        (!dated).then_some((weekday as u8, end))
    }

    /// "the last three months of 2020", "الأشهر الثلاثة الأولى من عام 2020", "سێ مانگی کۆتایی ساڵی ٢٠٢٠".
    pub(super) fn edge_of(&self, at: usize) -> Read<Expression> {
        let start = self.skip_articles(self.skip(at, Word::During));
        let week_follows = |(_, end): &(Edge, usize)| self.is(*end, Word::Week);
        let before = self.edge(start).or_else(|| self.numbered(start).filter(week_follows));
        let inner = before.map_or(start, |(_, end)| end);
        let (count, unit, end) = match self.counted(inner) {
            Some(((count, unit), end)) => (count, unit, end),
            None => {
                let (unit, _, end) = self.unit(inner)?;
                let one = !self.is_plural(inner) || (before.is_some() && unit == Unit::Day && !self.is_latin(inner));
                (1, unit, one.then_some(end)?)
            }
        };
        let after = match before {
            Some(_) => None,
            None => Some(self.edge(end).or_else(|| {
                let one_week = count == 1 && unit == Unit::Week;
                self.numbered(end).filter(|_| one_week)
            })?),
        };
        let (edge, _) = before.or(after)?;
        let end = after.map_or(end, |(_, end)| end);
        let next = self.skip(end, Word::Tail);
        let next = match self.is(next, Word::Year) || self.is(next, Word::MonthUnit) {
            true => next,
            false => self.word(next, Word::Of).or_else(|| self.word(next, Word::From))?.1,
        };
        let (whole, end) = match self.year_number(next) {
            Some((year, end)) if !self.is_count(end) => (
                DateParts {
                    year: Some(year),
                    ..DateParts::default()
                },
                end,
            ),
            _ => self.date(next).or_else(|| self.date(self.skip_articles(next)))?,
        };
        let period = whole.day.is_none() && whole.part.is_none();
        period.then(|| {
            let whole = Box::new(whole);
            let expression = Expression::EdgeOf {
                count,
                unit,
                edge,
                whole,
            };
            (expression, end)
        })
    }

    /// "the fourth week of May", "الأسبوع الرابع من أيار": a week by its number.
    fn numbered(&self, at: usize) -> Read<Edge> {
        let (number, end) = self.word(at, Word::Ordinal)?;
        (1..=5).contains(&number).then_some((Edge::Numbered(number), end))
    }

    fn edge(&self, at: usize) -> Read<Edge> {
        if let Some((_, end)) = self.word(at, Word::First) {
            return Some((Edge::First, end));
        }
        if let Some((_, end)) = self.word(at, Word::Last) {
            return Some((Edge::Last, end));
        }
        let (part, end) = self
            .word(at, Word::Part)
            .filter(|_| self.passage.language == Language::Sorani)?;
        match part {
            1 => Some((Edge::First, end)),
            3 => Some((Edge::Last, end)),
            _ => None,
        }
    }

    fn is_latin(&self, at: usize) -> bool {
        self.passage.kind(at) == Some(Kind::Latin)
    }

    /// True for a unit in the plural: without a number it says no length.
    fn is_plural(&self, at: usize) -> bool {
        let slice = self.passage.slice(at);
        match self.passage.kind(at) {
            Some(Kind::Latin) => slice.ends_with('s'),
            _ => [
                "أيام",
                "أسابيع",
                "أشهر",
                "شهور",
                "سنوات",
                "سنين",
                "أعوام",
                "عقود",
                "ساعات",
                "ان",
                "انی",
                "ەکانی",
            ]
            .iter()
            .any(|plural| slice.ends_with(plural)),
        }
    }

    /// Past "of", unless the unit itself begins here: in Sorani one word is both.
    pub(super) fn skip_of(&self, at: usize, unit: Word) -> usize {
        match self.is(at, unit) {
            true => at,
            false => self.skip(at, Word::Of),
        }
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
}
