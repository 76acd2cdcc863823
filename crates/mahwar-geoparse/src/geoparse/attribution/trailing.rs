//! Attributions that follow their statement: "…, the ministry said".

use super::{AttributionFinder, FEWEST, Spoken, Statement, TRAILING};
use crate::{
    geoparse::{
        claim_lexicon::{List, Lists, Needs},
        opening::Opening,
        speaker,
    },
    text::Kind,
};

impl AttributionFinder<'_> {
    pub(super) fn trailing_clause(&mut self, spoken: &Spoken, from: usize) {
        let end = self.noun_end(spoken, spoken.end);
        // ما نقلت عنها مصادر: the pronoun is no part of the speaker.
        let first = spoken.end + usize::from(spoken.passage.lists(spoken.end).has(List::Resumptive));
        let own = speaker::accept(spoken.passage, first.min(end)..end);
        let statement = match from == spoken.sentence.start {
            true => self.clause_after(spoken, end),
            false => self.clause_before(spoken, from),
        };
        if let Some(statement) = statement {
            self.push(spoken, own, statement, from);
        }
    }

    /// Where the words after a statement begin that say whose it is: "…، كما أفاد مصدر", "…، قال الوزير". Nothing follows the
    /// speaker there that could be a statement.
    pub(super) fn trails(&self, spoken: &Spoken, opening: &Opening) -> Option<usize> {
        let (passage, at) = (spoken.passage, spoken.at);
        let parted = |at: usize| {
            at > spoken.sentence.start + FEWEST
                && matches!(passage.kind(at - 1), Some(Kind::Comma | Kind::QuoteClose | Kind::Quote))
        };
        let as_said = at > spoken.sentence.start && passage.slice(at - 1) == "كما";
        let from = if as_said { at - 1 } else { at };
        let plain = as_said || (spoken.verb.needs == Needs::Anything && passage.cut(at) == 0);
        let speaker = &opening.speaker;
        let heads = Lists::of(&[List::Title, List::Organisation, List::People]);
        let headed = speaker.start == spoken.end && !speaker.is_empty() && passage.lists(speaker.start).any(heads);
        let adverbial = passage
            .lists(self.lower(spoken))
            .any(Lists::of(&[List::Adjunct, List::Stop, List::Time]));
        let quoted = self.quotation_before(spoken, &self.reader(spoken)).is_some();
        let content = opening.content.is_some();
        (plain && headed && !content && parted(from) && !quoted && (as_said || !adverbial)).then_some(from)
    }

    /// "…"، قال الوزير.
    pub(super) fn trailing_verb(&mut self, spoken: &Spoken, opening: &Opening) {
        let passage = spoken.passage;
        let reader = self.reader(spoken);
        if passage.cut(spoken.at) > 0 || matches!(spoken.verb.needs, Needs::Marked) {
            return;
        }
        let Some(quoted) = self.quotation_before(spoken, &reader) else {
            return;
        };
        // Only a comma may be between the quotation and its verb.
        if spoken.at - quoted.end > 2 || opening.speaker.is_empty() {
            return;
        }
        let end = self.noun_end(spoken, spoken.end);
        let own = speaker::accept(passage, spoken.end..end);
        while self.found.last().is_some_and(|last| last.at > quoted.start) {
            self.found.pop();
        }
        self.push(spoken, own, Statement::new(quoted, true, false), spoken.at);
    }

    /// The end of the noun phrase of a speaker after its verb.
    pub(super) fn noun_end(&self, spoken: &Spoken, from: usize) -> usize {
        const ENDS: Lists = Lists::of(&[List::That, List::Boundary, List::Adjunct]);
        let limit = spoken.sentence.end.min(from + TRAILING);
        let ends = |&at: &usize| match spoken.passage.kind(at) {
            // لفرانس برس, لرويترز: the hearer.
            Some(Kind::Arabic) if at > from && spoken.passage.slice(at).starts_with('ل') => {
                spoken.passage.lists(at).any(ENDS) || spoken.passage.lists(at).has(List::Press)
            }
            Some(Kind::Arabic | Kind::Latin) => spoken.passage.lists(at).any(ENDS),
            Some(Kind::Number | Kind::Other | Kind::Possessive | Kind::Dash) => false,
            Some(Kind::Stop) => at + 1 >= limit || !spoken.passage.is_word(at + 1),
            Some(Kind::Comma) => !self.is_apposed(spoken, at + 1, limit),
            // "figures of the mission (UNAMI) for July": the short name in brackets.
            Some(Kind::Open) => self.bracket_end(spoken, at, limit).is_none(),
            Some(Kind::Close) => !spoken.passage.lists(at + 1).has(List::Chain),
            Some(kind) => !kind.is_quote(),
            None => true,
        };
        (from..limit).find(ends).unwrap_or(limit)
    }

    /// The bracket that closes a short name, where a preposition goes on the noun phrase after it.
    fn bracket_end(&self, spoken: &Spoken, open: usize, limit: usize) -> Option<usize> {
        const SHORT: usize = 4;
        let passage = spoken.passage;
        let close = (open + 1..limit.min(open + 1 + SHORT)).find(|at| passage.kind(*at) == Some(Kind::Close))?;
        passage.lists(close + 1).has(List::Chain).then_some(close)
    }

    /// A title after a comma belongs to the name before it.
    pub(super) fn is_apposed(&self, spoken: &Spoken, at: usize, limit: usize) -> bool {
        let passage = spoken.passage;
        let mut words = (at..limit.min(at + FEWEST)).take_while(|at| passage.is_word(*at));
        let apart = passage.cut(at) > 0 || passage.lists(at).any(Lists::of(&[List::Boundary, List::And]));
        !apart && words.any(|at| passage.lists(at).has(List::Title))
    }
}
