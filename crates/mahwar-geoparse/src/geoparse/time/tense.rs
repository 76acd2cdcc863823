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

/// The time that a clause is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    /// Verbs of the past.
    Past,
    /// A plan.
    Future,
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
        for at in (first..time.start).rev() {
            if self.ends_clause(at) {
                // "It is planned that": the plan is outside the clause.
                let plan = (1..=2).any(|back| at.checked_sub(back).is_some_and(|at| at >= first && self.is_plan(at)));
                if plan && self.passage.lists(at).has(List::That) {
                    return Tense::Future;
                }
                break;
            }
            if self.passage.roles(at).0.verb.is_some() && time.start - at <= SAYING_REACH {
                return Tense::Past;
            }
            if self.is_plan(at) {
                return Tense::Future;
            }
            tense = self.weighed(tense, at);
        }
        for at in (time.end..last).take_while(|at| !self.ends_clause(*at)) {
            if self.is_plan(at) {
                return Tense::Future;
            }
            tense = self.weighed(tense, at);
        }
        tense
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
        self.is(at, Word::Future) || (arabic && self.lexicon.is_future_verb(self.passage.slice(at)))
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
