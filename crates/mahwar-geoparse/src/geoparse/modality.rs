//! Modality of words at their place in a sentence: stated, negated, asked or only supposed.

use super::{
    claim_lexicon::{List, Lists, Roles},
    passage::Passage,
};
use crate::{language::Language, text::Kind};
use std::ops::Range;

/// Modality of an event or an act of saying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Modality {
    Stated,
    Negated,
    Asked,
    Supposed,
}

/// How far before a word a negated verb, a noun such as "without", and a supposition reach, in tokens.
const VERB_REACH: usize = 28;
const NOUN_REACH: usize = 6;
const SUPPOSED_REACH: usize = 8;
const ACT_REACH: usize = 9;
const CONDITION_REACH: usize = 40;
/// A Sorani verb ends its clause this far after the words that it negates.
const SORANI_REACH: usize = 24;
/// Words between an event and its modal verb, and between a verb such as "fear" and "that".
const MODAL_REACH: usize = 5;
const SUBJECT_REACH: usize = 6;
/// An aside between commas is not longer.
const ASIDE: usize = 8;
/// Endings of Sorani verbs, and nouns that begin as negated verbs do and end as verbs do.
const VERB_ENDINGS: [&str; 14] = [
    "وو", "ووە", "وون", "ران", "را", "راوە", "راون", "رد", "دا", "ێت", "ات", "ەوە", "ند", "ێن",
];
const NOUNS: [&str; 4] = ["ناو", "نەتەو", "نەوە", "نامە"];
/// Words of a clause that say nothing of its modality but must not end the search.
const ADVERBIAL: Lists = Lists::of(&[List::Adjunct, List::Stop, List::Time, List::Locative]);

pub(super) struct ModalityReader<'m, 'a> {
    pub(super) passage: &'m Passage<'a>,
    /// The sentence, or the quotation in it.
    pub(super) bounds: Range<usize>,
}

impl ModalityReader<'_, '_> {
    /// The modality of the words at some tokens. `planned`: intentions count as stated.
    pub(super) fn of(&self, words: &Range<usize>, planned: bool) -> Modality {
        if self.is_asked(words.start) {
            Modality::Asked
        } else if self.is_negated(words) {
            Modality::Negated
        } else if !planned && (self.is_supposed(words.start) || self.is_future(words.end) || self.is_wished(words)) {
            Modality::Supposed
        } else {
            Modality::Stated
        }
    }

    /// A question: a particle of questions before, or a question mark at the end of the sentence.
    pub(super) fn is_asked(&self, at: usize) -> bool {
        let passage = self.passage;
        let before = self.bounds.start..at;
        let asks = |at: usize| passage.lists(at).has(List::Question);
        if before
            .rev()
            .take(CONDITION_REACH)
            .take_while(|at| !self.ends(*at))
            .any(asks)
        {
            return true;
        }
        let mut end = self.bounds.end;
        while end > at
            && matches!(
                passage.kind(end - 1),
                Some(Kind::Quote | Kind::QuoteClose | Kind::Close)
            )
        {
            end -= 1;
        }
        let marked = |at: usize| matches!(passage.slice(at), "?" | "؟");
        (end > at && marked(end - 1)) || marked(end)
    }

    fn ends(&self, at: usize) -> bool {
        matches!(self.passage.kind(at), Some(Kind::Stop | Kind::Semicolon))
    }

    pub(super) fn is_negated(&self, words: &Range<usize>) -> bool {
        self.negation_before(words.start) || self.negation_after(words.end) || self.negated_verb_after(words.end)
    }

    /// "ten people were not killed": the verb of an English subject is negated after its auxiliary.
    fn negated_verb_after(&self, end: usize) -> bool {
        let passage = self.passage;
        if passage.language != Language::English {
            return false;
        }
        let last = (end + NOUN_REACH * 2).min(self.bounds.end);
        for at in end..last {
            let (roles, _) = passage.roles(at);
            if !passage.is_word(at)
                || roles.role.is_some()
                || roles
                    .lists
                    .any(Lists::of(&[List::Boundary, List::Contrast, List::Relative, List::When]))
            {
                return false;
            }
            let auxiliary = passage.lists(at).any(Lists::of(&[List::Passive, List::Auxiliary]));
            if auxiliary && passage.lists(at + 1).has(List::Negation) {
                let next = at + 1 + passage.roles(at + 1).1;
                return (next..(next + 3).min(self.bounds.end)).any(|at| passage.roles(at).0.role.is_some());
            }
        }
        false
    }

    /// A negation before whose clause goes on to the words.
    fn negation_before(&self, start: usize) -> bool {
        let passage = self.passage;
        let first = start.saturating_sub(VERB_REACH).max(self.bounds.start);
        let mut at = start;
        let mut excepted = false;
        let mut listed = passage.has_proclitic(start, 'و') && is_noun_of_action(passage, start);
        let mut open_aside: Option<usize> = None;
        // One verb of an event may be part of the negated clause itself: لم يسفر … عن.
        while at > first {
            at -= 1;
            if let Some(open) = open_aside {
                if at > open {
                    continue;
                }
                open_aside = None;
                continue;
            }
            match passage.kind(at) {
                Some(Kind::Stop | Kind::Semicolon | Kind::Colon) => return false,
                Some(Kind::Comma) => match self.aside(at, first) {
                    Some(open) => {
                        open_aside = Some(open);
                        continue;
                    }
                    None => return false,
                },
                _ => {}
            }
            let (roles, len) = passage.roles(at);
            let whole = at + len <= start;
            if roles.lists.any(Lists::of(&[List::Boundary, List::Contrast])) {
                return false;
            }
            excepted |= roles.lists.has(List::Except);
            let reaches = start - at <= NOUN_REACH || (listed && self.is_occurrence(at + len));
            if whole && roles.lists.has(List::Without) && reaches {
                return !excepted;
            }
            // عدم وقوع هجوم ومقتل جنود: nouns of action in a list after one negation.
            listed |= passage.has_proclitic(at, 'و') && is_noun_of_action(passage, at);
            if whole && roles.lists.has(List::Negation) && self.is_particle(at, len) {
                return !excepted;
            }
            // ڕاینەگەیاند کە: the clause that a negated verb introduces.
            if whole && roles.lists.has(List::Negated) && passage.lists(at + len).has(List::That) {
                return true;
            }
            // نەیتوانی پشتڕاستی بکاتەوە کە …
            let refused = passage.language == Language::Sorani && roles.lists.has(List::That) && whole;
            if refused && (at.saturating_sub(3).max(first)..at).any(|at| self.looks_negated(at)) {
                return true;
            }
            if self.begins_clause(at, &roles) {
                return false;
            }
        }
        false
    }

    /// True for "the occurrence of any", وقوع أي: all that the list after it names did not happen.
    fn is_occurrence(&self, at: usize) -> bool {
        let passage = self.passage;
        passage.lists(at).has(List::Content) && passage.slice(at + 1) == "أي"
    }

    /// True if a verb of saying is negated: "did not say", "refused to confirm". A clause that "and" joins to a negated one is
    /// not.
    pub(super) fn is_negated_act(&self, verb: &Range<usize>) -> bool {
        let passage = self.passage;
        let first = verb.start.saturating_sub(ACT_REACH).max(self.bounds.start);
        for at in (first..verb.start).rev() {
            let (roles, len) = passage.roles(at);
            let stops = !passage.is_word(at) && passage.kind(at) != Some(Kind::Number);
            if stops
                || roles.lists.any(Lists::of(&[
                    List::And,
                    List::That,
                    List::Boundary,
                    List::Contrast,
                    List::Relative,
                ]))
            {
                return false;
            }
            if at + len <= verb.start && roles.lists.has(List::Negation) {
                return true;
            }
        }
        false
    }

    /// A condition governs the clause: "if the ministry confirms that".
    pub(super) fn is_conditional(&self, at: usize) -> bool {
        let passage = self.passage;
        let first = at.saturating_sub(ACT_REACH).max(self.bounds.start);
        let clause = (first..at).rev().take_while(|at| passage.is_word(*at));
        clause.into_iter().any(|at| passage.lists(at).has(List::Supposed))
    }

    /// The comma that opens an adverbial which this comma closes.
    fn aside(&self, comma: usize, first: usize) -> Option<usize> {
        let lower = comma.saturating_sub(ASIDE).max(first);
        let open = (lower..comma)
            .rev()
            .find(|at| self.passage.kind(*at) == Some(Kind::Comma))?;
        self.passage.lists(open + 1).any(ADVERBIAL).then_some(open)
    }

    /// "and killed": a verb joined by "and" begins a clause of its own.
    fn begins_clause(&self, at: usize, roles: &Roles) -> bool {
        let passage = self.passage;
        let acts = roles.role.is_some() || roles.verb.is_some() || roles.lists.has(List::Result);
        match passage.language {
            Language::Arabic => acts && passage.has_proclitic(at, 'و') && !is_noun_of_action(passage, at),
            _ => {
                roles.lists.has(List::And) && {
                    let next = passage.roles(at + 1).0;
                    next.role.is_some() || next.verb.is_some()
                }
            }
        }
    }

    /// The Arabic ما is a negation only before a verb of saying at the beginning of its clause.
    fn is_particle(&self, at: usize, len: usize) -> bool {
        let passage = self.passage;
        if passage.language != Language::Arabic || !matches!(passage.slice(at), "ما" | "وما") {
            return true;
        }
        let initial = at == self.bounds.start || passage.kind(at - 1).is_some_and(|kind| !kind.is_word());
        initial && passage.roles(at + len).0.verb.is_some()
    }

    /// A negated Sorani verb that ends the clause of the words, or a negated English participle after them.
    fn negation_after(&self, end: usize) -> bool {
        let passage = self.passage;
        let last = (end + SORANI_REACH).min(self.bounds.end);
        let mut at = end;
        while at < last {
            let (roles, len) = passage.roles(at);
            if roles.lists.has(List::Negated) || (passage.language == Language::Sorani && self.is_negated_verb(at)) {
                return true;
            }
            let affirmed = passage.language == Language::Sorani && roles.role.is_some() && self.ends_clause(at + len);
            let stops = matches!(
                passage.kind(at),
                Some(Kind::Stop | Kind::Comma | Kind::Semicolon | Kind::Colon)
            );
            if stops || affirmed || roles.lists.any(Lists::of(&[List::Boundary, List::Contrast])) {
                return false;
            }
            if passage.language != Language::Sorani && at >= end + NOUN_REACH {
                return false;
            }
            at += len;
        }
        false
    }

    /// A word that begins and ends as a negated verb, and that the lexicon knows as nothing else: نەیتوانی.
    fn looks_negated(&self, at: usize) -> bool {
        let word = self.passage.slice(at);
        let begins = ["نەی", "ناتوان", "نەتوان"].iter().any(|begin| word.starts_with(begin));
        let able = word.contains("توان");
        let noun = NOUNS.iter().any(|noun| word.starts_with(noun));
        begins && able && !noun
    }

    /// A word that ends its clause and begins as a negated verb, and that the lexicon knows as nothing else.
    fn is_negated_verb(&self, at: usize) -> bool {
        let passage = self.passage;
        let word = passage.slice(at);
        let begins = word.starts_with("نە") || word.starts_with("نا");
        let noun = NOUNS.iter().any(|noun| word.starts_with(noun));
        let ends = VERB_ENDINGS.iter().any(|ending| word.ends_with(ending));
        begins
            && ends
            && !noun
            && word.chars().count() > 4
            && passage.roles(at).0.is_empty()
            && self.ends_clause(at + 1)
    }

    fn ends_clause(&self, at: usize) -> bool {
        at >= self.bounds.end
            || !self.passage.is_word(at)
            || self
                .passage
                .lists(at)
                .any(Lists::of(&[List::That, List::Boundary, List::And, List::Relative]))
    }

    /// "talks would continue", "the return of the group could kill": a modal verb after the words.
    fn is_future(&self, end: usize) -> bool {
        if self.passage.language != Language::English {
            return false;
        }
        let last = (end + MODAL_REACH).min(self.bounds.end);
        let breaks = Lists::of(&[
            List::Relative,
            List::That,
            List::And,
            List::Boundary,
            List::Contrast,
            List::Result,
            List::Passive,
        ]);
        let clause = (end..last).take_while(|at| {
            let roles = self.passage.roles(*at).0;
            self.passage.is_word(*at) && roles.role.is_none() && roles.verb.is_none() && !roles.lists.any(breaks)
        });
        self.is_modal(end)
            || clause
                .into_iter()
                .any(|at| matches!(self.passage.slice(at), "could" | "would" | "may" | "might" | "will"))
    }

    fn is_modal(&self, end: usize) -> bool {
        let modal =
            self.passage.lists(end).has(List::Hypothesis) || matches!(self.passage.slice(end), "will" | "should");
        self.passage.language == Language::English && end < self.bounds.end && modal && !self.is_month(end)
    }

    /// دەیان کەس بکوژرێن: the verb of Sorani words is in the subjunctive.
    fn is_wished(&self, words: &Range<usize>) -> bool {
        let passage = self.passage;
        if passage.language != Language::Sorani {
            return false;
        }
        let last = (words.end + SORANI_REACH).min(self.bounds.end);
        let clause =
            (words.start..last).take_while(|at| passage.is_word(*at) || passage.kind(*at) == Some(Kind::Number));
        let verb = clause.into_iter().find(|at| {
            let roles = passage.roles(*at).0;
            roles.role.is_some() && roles.unit.is_none() && *at >= words.end
        });
        let subjunctive = |at: usize| {
            let word = passage.slice(at);
            word.starts_with('ب')
                && !["بە", "بێ", "بۆ", "بوو"].iter().any(|other| word.starts_with(other))
                && ["ێن", "ێت", "ێنەوە", "ێتەوە", "بن", "کات", "کەن"]
                    .iter()
                    .any(|ending| word.ends_with(ending))
        };
        verb.is_some_and(|verb| subjunctive(verb) || (verb + 1 < self.bounds.end && subjunctive(verb + 1)))
    }

    /// A condition anywhere before in the sentence, or a word of possibility close before.
    fn is_supposed(&self, start: usize) -> bool {
        let passage = self.passage;
        let first = start.saturating_sub(CONDITION_REACH).max(self.bounds.start);
        for at in (first..start).rev() {
            if matches!(passage.kind(at), Some(Kind::Stop | Kind::Semicolon)) {
                return false;
            }
            let (roles, len) = passage.roles(at);
            let whole = at + len <= start;
            if whole && roles.lists.has(List::Supposed) {
                return true;
            }
            // "fears that the attack will …": everything after "that" is feared.
            if whole && roles.lists.has(List::Fear) && self.opens_that(at + len, start) {
                return true;
            }
            let near = start - at <= SUPPOSED_REACH && whole;
            if near && (roles.lists.has(List::Hypothesis) && !self.is_month(at) || self.is_possibility(at)) {
                return true;
            }
            if roles.lists.any(Lists::of(&[List::Boundary, List::Contrast])) {
                return false;
            }
        }
        false
    }

    /// True if "that" follows within a few words: the subject of a verb such as "fear" may come between.
    fn opens_that(&self, from: usize, start: usize) -> bool {
        let last = (from + SUBJECT_REACH).min(start);
        (from..last)
            .take_while(|at| self.passage.is_word(*at))
            .any(|at| self.passage.lists(at).has(List::That))
    }

    /// "May" with a capital inside a sentence is a month.
    fn is_month(&self, at: usize) -> bool {
        let month = self.passage.lists(at).has(List::Month);
        month && self.passage.tokens[at].is_capital()
    }

    /// قد before a verb in the present: "may". Before one in the past it only says that it is done.
    fn is_possibility(&self, at: usize) -> bool {
        let passage = self.passage;
        if passage.language != Language::Arabic {
            return false;
        }
        let next = passage.slice(at + 1);
        match passage.slice(at) {
            "قد" | "وقد" => next.starts_with('ي'),
            _ => false,
        }
    }
}

/// A noun of action takes part in a list: "no deaths and wounding of soldiers".
fn is_noun_of_action(passage: &Passage, at: usize) -> bool {
    let lists = passage.lists(at);
    lists.has(List::Content) && !lists.has(List::Harmed)
}
