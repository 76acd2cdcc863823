//! Times: expressions of three languages, and the days that they mean.
//!
//! An expression is found by its grammar ([`grammar`], [`dates`]), whose words are data, and resolved against the day
//! of publication or another time of the text ([`resolve`]). An expression that cannot be resolved is listed with the
//! reason.

mod attach;
mod calendar;
mod clock;
mod dates;
mod days;
mod digits;
mod expression;
mod grammar;
mod lexicon;
mod names;
mod owner;
mod relative;
mod resolve;
mod tense;

pub use calendar::Calendar;
pub use clock::Clock;
pub use lexicon::TimeWords;

pub(super) use lexicon::{TimeLexicon, follows, time_words};

use super::{
    claim_lexicon::ClaimLexicon,
    parse::{Parse, Part, Words},
    passage::Passage,
};
use crate::text::{Kind, OffsetCounter, Span, Tokens};
use ecow::{EcoString, eco_format};
use expression::{Expression, Found};
use grammar::{Grammar, tokens_ahead};
use jiff::civil::Date;
use resolve::{Context, Resolved};
use serde::{Deserialize, Serialize, Serializer};
use std::{ops::Range, sync::Arc};

/// How fine a time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Grain {
    Day,
    Week,
    Month,
    Season,
    Year,
    Decade,
    /// From one day to another.
    Interval,
}

/// Why an expression has no days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It is relative, and the text has no publication date.
    NoPublicationDate,
    /// It is relative to another time, and the text has none before it.
    NoOtherTime,
    /// It is counted from an event.
    CountedFromEvent,
    /// The calendar has no such date.
    NoSuchDate,
    /// The date has another weekday than the one beside it.
    WeekdayDiffers,
    /// The year may be one of several calendars.
    CalendarNotSaid,
    /// The year has two digits.
    TwoDigitYear,
    /// The calendar's tables do not cover the year.
    OutsideCalendar,
    /// The program was built without the calendar.
    CalendarNotBuilt,
    /// An interval whose end lies before its beginning.
    EndsBeforeItBegins,
    /// The words set no limit: "recent days".
    Vague,
    /// The words fit the past and the future.
    PastOrFuture,
}

/// Time that a relative expression was resolved against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reference {
    /// The day of publication.
    Published,
    /// Another time of the text, by its position.
    Time(usize),
}

/// A time as the text says it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Time {
    /// `t1`, `t2`, …
    pub id: EcoString,
    /// The words of the expression.
    #[serde(flatten)]
    pub words: Words,
    /// First day; none where the words set no beginning, and for an unresolved expression.
    #[serde(serialize_with = "serialize_day")]
    pub from: Option<Date>,
    /// Last day, inclusive; none where the words set no end, and for an unresolved expression.
    #[serde(serialize_with = "serialize_day")]
    pub to: Option<Date>,
    /// The calendar that the words name a date of.
    pub calendar: Calendar,
    /// `published`, or the id of another time; none for a date that says its year.
    pub relative_to: Option<EcoString>,
    /// How fine it is; absent for an unresolved expression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grain: Option<Grain>,
    /// The length that the words state, ISO 8601 (`P10M`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<EcoString>,
    /// Why it has no days; absent for a resolved expression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unresolved: Option<Reason>,
}

impl Time {
    /// True if it has a first or a last day.
    pub fn is_resolved(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }
}

fn serialize_day<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => serializer.collect_str(day),
        None => serializer.serialize_none(),
    }
}

/// Tokens to either side that are read of a sentence.
const SENTENCE_REACH: usize = 300;

/// Finds the times of one text.
pub(super) struct TimeReader<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a Tokens,
    pub(super) claims: &'a ClaimLexicon,
    pub(super) lexicon: &'a TimeLexicon,
    pub(super) clock: &'a Clock,
    /// The day of publication in the land's time zone.
    pub(super) published: Option<Date>,
}

impl TimeReader<'_> {
    /// Adds the times of the text to a parse, to its mentions and to its claims.
    pub(super) fn add_to(&self, parse: &mut Parse) {
        let (found, resolved) = self.read();
        if found.is_empty() {
            return;
        }
        let mut counter = OffsetCounter::new(self.text);
        let times = found.iter().zip(&resolved).zip(1..);
        let times = times.map(|((found, resolved), number)| Arc::new(self.time(number, found, resolved, &mut counter)));
        parse.times = times.collect();
        attach::attach(self.tokens, &found, parse);
    }

    /// The expressions of the text with their days.
    fn read(&self) -> (Vec<Found>, Vec<Resolved>) {
        let mut found = Vec::new();
        let mut resolved: Vec<Resolved> = Vec::new();
        let (mut kinds, mut ahead) = (Vec::new(), Vec::new());
        for paragraph in &self.tokens.paragraphs {
            if !paragraph.language.is_supported() {
                continue;
            }
            let passage = Passage {
                text: self.text,
                tokens: &self.tokens.tokens,
                lexicon: self.claims,
                language: paragraph.language,
            };
            let (start, end) = (paragraph.tokens.start as usize, paragraph.tokens.end as usize);
            kinds.clear();
            let tokens = &self.tokens.tokens[start..end];
            kinds.extend(
                tokens
                    .iter()
                    .map(|token| self.lexicon.kinds(self.text, token, paragraph.language)),
            );
            tokens_ahead(tokens, &kinds, &mut ahead);
            if !ahead.contains(&0) {
                continue;
            }
            let grammar = Grammar {
                ahead: &ahead,
                passage,
                lexicon: self.lexicon,
                kinds: &kinds,
                start,
                end,
                month_first: self.clock.month_first,
            };
            let first = found.len();
            grammar.all(&mut found);
            let (mut dated, mut year) = (None, None);
            // The day on which the words of the sentence were said, and the last token for which it counts.
            let mut spoken: Option<(usize, Date, usize)> = None;
            for (at, one) in found.iter().enumerate().skip(first) {
                spoken = spoken.filter(|(.., end)| one.tokens.start < *end);
                let context = Context {
                    named_year: year,
                    tense: grammar.tense(&one.tokens),
                    published: self.published,
                    earlier: &resolved,
                    dated,
                    week_begins: self.clock.week_begins,
                };
                let days = match spoken.filter(|_| matches!(one.expression, Expression::Shift { days: 0, .. })) {
                    Some((said, day, _)) => context.in_speech(&one.expression, said, day),
                    None => context.resolve(&one.expression),
                };
                if let Some(day) = days.from.filter(|_| days.grain == Some(Grain::Day))
                    && !matches!(one.expression, Expression::Shift { .. })
                    && grammar.is_of_saying(&one.tokens)
                {
                    let sentence = self.tokens.sentence_within(one.tokens.start, SENTENCE_REACH);
                    spoken = Some((at, day, sentence.end));
                }
                if names_year(&one.expression) && days.from.is_some() {
                    year = Some(at);
                    if days.grain == Some(Grain::Day) {
                        dated = Some(at);
                    }
                }
                resolved.push(days);
            }
        }
        (found, resolved)
    }

    fn time(&self, number: usize, found: &Found, days: &Resolved, counter: &mut OffsetCounter) -> Time {
        let span = self.span(&found.tokens);
        let offsets = counter.offsets(span);
        Time {
            id: eco_format!("t{number}"),
            words: Words {
                part: Part::Text,
                text: self.text.get(span.start..span.end).unwrap_or_default().to_owned(),
                start: offsets.codepoint[0],
                end: offsets.codepoint[1],
                offsets,
            },
            from: days.from,
            to: days.to,
            calendar: days.calendar,
            relative_to: days.reference.map(|reference| match reference {
                Reference::Published => EcoString::inline("published"),
                Reference::Time(at) => eco_format!("t{}", at + 1),
            }),
            grain: days.grain,
            duration: days.duration.as_deref().map(EcoString::from),
            unresolved: days.reason,
        }
    }

    /// The bytes of an expression, without the proclitics of its first word.
    fn span(&self, tokens: &Range<usize>) -> Span {
        let first = &self.tokens.tokens[tokens.start];
        let last = &self.tokens.tokens[tokens.end - 1];
        let start = match first.kind {
            Kind::Arabic if self.lexicon.is_stem(first) => first.stem_range(self.text).start,
            _ => first.start as usize,
        };
        Span {
            start,
            end: last.end as usize,
        }
    }
}

/// True if an expression is a date with its year.
fn names_year(expression: &Expression) -> bool {
    expression.parts().is_some_and(|parts| parts.year.is_some())
}
