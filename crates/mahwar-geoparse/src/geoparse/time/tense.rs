//! The time that a clause is about: the past, a plan, or a present that may be either.

use super::{grammar::Grammar, lexicon::Word};
use crate::{
    geoparse::claim_lexicon::{List, Lists},
    language::Language,
    text::Kind,
};
use std::ops::Range;

/// Largest distance of a word of the future from a time.
const FUTURE_REACH: usize = 24;
/// Largest distance of a verb of saying before a time that belongs to it.
const SAYING_REACH: usize = 4;
/// A verb of the future governs a time that is not further away, whatever nouns are between.
const GOVERNED_REACH: usize = 4;
/// Largest distance of a verb of saying before its day, with the speaker between them.
const DAY_REACH: usize = 7;
/// Largest distance of "was" before a participle such as "planned".
const AUXILIARY_REACH: usize = 2;

/// Value of the prepositions that name the end of something: "by".
const LIMIT: i32 = 2;

/// Verbs and nouns of inquiry: their objects have happened.
const INQUIRIES: [&str; 14] = [
    "investigate",
    "examine",
    "probe",
    "review",
    "inquire",
    "investigation",
    "inquiry",
    "يحقق",
    "تحقق",
    "تحقيق",
    "التحقيقات",
    "التحري",
    "لێکۆڵینەوە",
    "لێدەکۆڵێتەوە",
];

/// The time that a clause is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    /// Verbs of the past.
    Past,
    /// A plan.
    Future,
    /// A plan that is over or canceled, or a plan about the past: nothing says on which side the time lies.
    Planned,
    /// A verb of the present, which reports use of plans and of the past.
    Present,
    /// No word says so.
    Unstated,
}

impl Grammar<'_> {
    /// The time that the clause around some tokens is about.
    pub(super) fn tense(&self, time: &Range<usize>) -> Tense {
        let first = time.start.saturating_sub(FUTURE_REACH).max(self.start);
        let last = (time.end + FUTURE_REACH).min(self.end);
        let mut tense = Tense::Unstated;
        let mut first_of_clause = first;
        let mut plan = None;
        for at in (first..time.start).rev() {
            if self.ends_clause(at) {
                // "It is planned that": the plan is outside the clause.
                let plan = (1..=2).any(|back| at.checked_sub(back).is_some_and(|at| at >= first && self.is_plan(at)));
                if plan && self.passage.lists(at).has(List::That) {
                    return Tense::Future;
                }
                first_of_clause = at + 1;
                break;
            }
            if self.passage.roles(at).0.verb.is_some() && time.start - at <= SAYING_REACH {
                return Tense::Past;
            }
            if self.is_plan(at) && plan.is_none() {
                plan = Some(at);
            }
            tense = self.weighed(tense, at);
        }
        for at in (time.end..last).take_while(|at| !self.ends_clause(*at)) {
            if self.is_plan(at) && plan.is_none() {
                plan = Some(at);
            }
            tense = self.weighed(tense, at);
        }
        let Some(plan) = plan else {
            return match tense == Tense::Unstated && self.is_limit(time.start) {
                true => self.tense_behind(time.end),
                false => tense,
            };
        };
        let clause = (first_of_clause..last).take_while(|at| *at < time.end || !self.ends_clause(*at));
        let canceled = clause.into_iter().any(|at| self.is(at, Word::Canceled));
        match canceled || self.is_over(plan) || self.is_about_event(plan, time) {
            true => Tense::Planned,
            false => Tense::Future,
        }
    }

    /// True for a time that "by" governs: it is the end of a plan, or of something that is over.
    fn is_limit(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.word(before, Word::In));
        before.is_some_and(|(value, _)| value == LIMIT)
    }

    /// The tense of the clause after a time that a comma closes: "By 20 July, the town had fallen".
    fn tense_behind(&self, end: usize) -> Tense {
        if self.passage.kind(end) != Some(Kind::Comma) {
            return Tense::Present;
        }
        let last = (end + FUTURE_REACH).min(self.end);
        for at in (end + 1..last).take_while(|at| !self.ends_clause(*at)) {
            if self.is_plan(at) {
                return Tense::Future;
            }
            if self.is_past(at) {
                return Tense::Past;
            }
        }
        Tense::Present
    }

    /// "was planned for": the plan is one of the past.
    fn is_over(&self, plan: usize) -> bool {
        let before = plan.saturating_sub(AUXILIARY_REACH).max(self.start)..plan;
        let was = |at: usize| matches!(self.passage.slice(at), "was" | "were" | "been" | "had");
        self.passage.language == Language::English && before.into_iter().any(was)
    }

    /// "will investigate reports of violations in October": the time may be that of an event that is known already.
    fn is_about_event(&self, plan: usize, time: &Range<usize>) -> bool {
        let between = plan + 1..time.start;
        if between.len() <= GOVERNED_REACH {
            return false;
        }
        let passage = &self.passage;
        let asks = |at: usize| INQUIRIES.iter().any(|word| passage.slice(at).ends_with(word));
        if (plan..time.start).any(asks) {
            return true;
        }
        between.into_iter().any(|at| {
            let roles = passage.roles(at).0;
            let event = roles.lists.any(Lists::of(&[List::Event, List::Kills, List::Harm])) || roles.role.is_some();
            let known = match passage.language {
                Language::English => passage.slice(at).ends_with('s') || passage.slice(at - 1) == "the",
                _ => passage.is_definite(at),
            };
            roles.lists.has(List::Rumour) || (event && known)
        })
    }

    /// True for the day of a verb of saying: "the ministry said on Saturday that", قال المصدر، السبت، إن.
    pub(super) fn is_of_saying(&self, time: &Range<usize>) -> bool {
        let first = time.start.saturating_sub(DAY_REACH).max(self.start);
        let open = |at: &usize| {
            let stops = matches!(self.passage.kind(*at), Some(Kind::Stop | Kind::Semicolon | Kind::Colon));
            !stops && !self.passage.kind(*at).is_some_and(Kind::is_quote) && !self.passage.lists(*at).has(List::That)
        };
        let before = (first..time.start).rev().take_while(open);
        let said = |at: usize| self.passage.roles(at).0.verb.is_some();
        before.into_iter().any(said)
    }

    fn ends_clause(&self, at: usize) -> bool {
        let mark = matches!(
            self.passage.kind(at),
            Some(
                Kind::Stop
                    | Kind::Comma
                    | Kind::Semicolon
                    | Kind::Colon
                    | Kind::Quote
                    | Kind::QuoteOpen
                    | Kind::QuoteClose
            )
        );
        mark || self.passage.lists(at).any(Lists::of(&[List::That, List::Boundary]))
    }

    /// True for a word of the future.
    fn is_plan(&self, at: usize) -> bool {
        let arabic = self.passage.language == Language::Arabic && self.passage.kind(at) == Some(Kind::Arabic);
        // "tomorrow": the other days of the clause lie ahead too.
        let tomorrow = |word| self.word(at, word).is_some_and(|(days, _)| days > 0);
        let day = tomorrow(Word::Shift) || tomorrow(Word::ShiftBeside);
        day || self.is(at, Word::Future) || (arabic && self.lexicon.is_future_verb(self.passage.slice(at)))
    }

    /// The tense with one more word: a verb of the past outweighs one of the present.
    fn weighed(&self, tense: Tense, at: usize) -> Tense {
        if tense == Tense::Past || self.is_past(at) {
            return Tense::Past;
        }
        match self.is(at, Word::Present) {
            true => Tense::Present,
            false => tense,
        }
    }

    fn is_past(&self, at: usize) -> bool {
        let slice = self.passage.slice(at);
        let ends = self.passage.kind(at) == Some(Kind::Latin) && slice.len() > 4 && slice.ends_with("ed");
        ends || self.is(at, Word::Past)
    }
}
