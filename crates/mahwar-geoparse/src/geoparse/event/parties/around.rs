//! The words around a party: who governs it, and the words before it and between.

use super::{OBJECT_REACH, PartyAt, PartyFinder, SUBJECT_REACH};
use crate::{
    geoparse::claim_lexicon::{List, Lists},
    language::Language,
    text::Kind,
};
use std::ops::Range;

impl PartyFinder<'_, '_> {
    /// The party between a verb such as "launched" and the noun of the event: شنت طائرات غارات.
    pub(super) fn launcher<'p>(&self, all: &'p [PartyAt], noun: usize) -> Option<&'p PartyAt> {
        let one = all.iter().rev().find(|one| one.tokens.end <= noun)?;
        let verb = one.tokens.start.checked_sub(1).filter(|at| *at >= self.clause.start)?;
        let launches = self.lexicon.class_at(&self.passage, verb) & self.lexicon.class_set("launch") != 0;
        (launches && noun - one.tokens.end <= 1).then_some(one)
    }

    /// The token after a preposition such as "on" that leads to the target of a strike.
    pub(super) fn skip_on(&self, at: usize) -> usize {
        let on = at < self.clause.end && self.lexicon.class_at(&self.passage, at) & self.lexicon.class_set("on") != 0;
        at + usize::from(on)
    }

    pub(super) fn is_by(&self, at: usize) -> bool {
        at < self.clause.end && self.lexicon.class_at(&self.passage, at) & self.lexicon.class_set("by") != 0
    }

    pub(super) fn by_end(&self, at: usize) -> usize {
        let phrases = self
            .lexicon
            .classes
            .at(self.passage.text, self.passage.tokens, at, self.passage.language);
        at + phrases.map(|(_, len)| len).max().unwrap_or(1)
    }

    /// The party right before a verb, with only adverbs and auxiliaries between, and no preposition before it.
    pub(super) fn subject_before<'p>(&self, all: &'p [PartyAt], verb: usize) -> Option<&'p PartyAt> {
        let one = all.iter().rev().find(|one| one.tokens.end <= verb)?;
        let gap = one.tokens.end..verb;
        // "residents of Jalawla": the place they are from may come between.
        let mut of = false;
        let mut is_clear = |at: usize| {
            of |= self.passage.slice(at) == "of";
            let named = of && (self.passage.slice(at) == "of" || self.passage.tokens[at].is_capital());
            named || self.is_adverbial(at)
        };
        let clear = gap.len() <= SUBJECT_REACH && gap.clone().all(&mut is_clear);
        (clear && !self.is_governed(one)).then_some(one)
    }

    /// The first party of a clause, near its beginning.
    pub(super) fn initial<'p>(&self, all: &'p [PartyAt], before: usize) -> Option<&'p PartyAt> {
        self.initial_from(all, self.clause.start, before)
    }

    /// The first party after the last verb that "and" follows: پێشمەرگە کشایەوە و حەشد چووە ناو …
    pub(super) fn initial_of_last<'p>(&self, all: &'p [PartyAt], before: usize) -> Option<&'p PartyAt> {
        let ends = |at: usize| {
            let (roles, _) = self.passage.roles(at);
            let verb = ["ەوە", "کرد", "کران", "وون", "ناو"]
                .iter()
                .any(|end| self.passage.slice(at).ends_with(end));
            roles.role.is_some() || roles.lists.has(List::Light) || verb
        };
        let joined = |at: &usize| self.passage.lists(*at).has(List::And) && *at > self.clause.start && ends(*at - 1);
        let last = (self.clause.start..before).rev().find(joined).map(|at| at + 1);
        let later = last.and_then(|from| self.initial_from(all, from, before));
        later.or_else(|| self.initial(all, before))
    }

    pub(super) fn initial_from<'p>(&self, all: &'p [PartyAt], from: usize, before: usize) -> Option<&'p PartyAt> {
        let one = all
            .iter()
            .find(|one| one.tokens.start >= from)
            .filter(|one| one.tokens.end <= before)?;
        let lead = from..one.tokens.start;
        // درۆنێک بنکەیەکی پێشمەرگەی …: an indefinite noun before the party is the subject itself.
        let other = |at: usize| self.passage.slice(at).ends_with("ێک") && !self.passage.lists(at).has(List::Time);
        let sorani = self.passage.language == Language::Sorani;
        // فڕۆکەیەکی جەنگی حەشارگەیەکی داعشی …: so is an aircraft that ی does not join to the party.
        let aircraft = self.lexicon.class_set("aircraft");
        let flies = |at: usize| at + 1 < one.tokens.start && self.lexicon.class_at(&self.passage, at) & aircraft != 0;
        let plain = lead.len() <= SUBJECT_REACH
            && !lead
                .clone()
                .any(|at| self.passage.lists(at).has(List::Stop) && !self.passage.lists(at).has(List::And))
            && !(sorani && lead.clone().any(|at| other(at) || flies(at)));
        (plain && !self.is_after_preposition(one)).then_some(one)
    }

    pub(super) fn object_after<'p>(&self, all: &'p [PartyAt], verb_end: usize) -> Option<&'p PartyAt> {
        let one = all.iter().find(|one| one.tokens.start >= verb_end)?;
        let gap = verb_end..one.tokens.start;
        (gap.len() <= OBJECT_REACH && self.is_object_gap(gap)).then_some(one)
    }

    /// True for words that may come between a verb and the party that is its object: numbers, nouns, "of".
    pub(super) fn is_object_gap(&self, gap: Range<usize>) -> bool {
        gap.into_iter().all(|at| {
            let (roles, _) = self.passage.roles(at);
            let slice = self.passage.slice(at);
            let partitive = matches!(
                slice,
                "of" | "the" | "a" | "an" | "من" | "لـ" | "some" | "at" | "least" | "about" | "نحو" | "than"
            );
            let word = self.passage.is_word(at) || self.passage.kind(at) == Some(Kind::Number);
            let breaks = roles.lists.any(Lists::of(&[
                List::Stop,
                List::That,
                List::Boundary,
                List::Relative,
                List::Adjunct,
                List::Result,
            ]));
            word && !self.is_by(at) && (partitive || !(breaks || roles.verb.is_some() || self.is_harm(at)))
        })
    }

    /// A verb of harm between a verb and a party belongs to another clause.
    pub(super) fn is_harm(&self, at: usize) -> bool {
        let (roles, _) = self.passage.roles(at);
        roles.role.is_some() && roles.unit.is_none() && roles.noun_role.is_none()
    }

    pub(super) fn is_adverbial(&self, at: usize) -> bool {
        let lists = self.passage.lists(at);
        let adverb = self.passage.slice(at).ends_with("ly");
        adverb
            || lists.has(List::Auxiliary)
            || lists.has(List::Time)
            || matches!(
                self.passage.slice(at),
                "on" | "had" | "has" | "have" | "قد" | "يوم" | "من" | "early" | "late" | "also"
            )
    }

    /// True if a preposition or a noun precedes the party and governs it.
    pub(super) fn is_governed(&self, one: &PartyAt) -> bool {
        self.has_preposition(one) || self.is_after_preposition(one)
    }

    /// A preposition is written to it.
    pub(super) fn has_preposition(&self, one: &PartyAt) -> bool {
        let letters = ['ب', 'ل', 'ك'];
        letters
            .iter()
            .any(|letter| self.passage.has_proclitic(one.tokens.start, *letter))
    }

    pub(super) fn is_after_preposition(&self, one: &PartyAt) -> bool {
        let first = one.tokens.start.saturating_sub(2).max(self.clause.start);
        (first..one.tokens.start)
            .rev()
            .take_while(|at| self.passage.is_word(*at))
            .any(|at| {
                let lists = self.passage.lists(at);
                let slice = self.passage.slice(at).to_lowercase();
                let article = matches!(
                    slice.as_str(),
                    "the" | "a" | "an" | "and" | "و" | "that" | "but" | "when" | "after" | "while"
                );
                // "dozens of activists"
                let counted = slice == "of"
                    && at
                        .checked_sub(1)
                        .is_some_and(|before| self.passage.roles(before).0.number.is_some());
                lists.has(List::Stop) && !article && !counted
            })
    }

    pub(super) fn is_mark(&self, at: usize) -> bool {
        matches!(
            self.passage.kind(at),
            Some(Kind::Stop | Kind::Comma | Kind::Semicolon | Kind::Colon)
        )
    }
}
