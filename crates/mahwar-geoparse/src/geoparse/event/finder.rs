//! Words that report an event, checked against the words near them.

use super::lexicon::{EventLexicon, Form};
use crate::{geoparse::passage::Passage, text::Kind};
use std::ops::Range;

/// Largest distance of a word of `near` from the words of the event, in tokens.
const NEAR_REACH: usize = 10;
/// Tokens to either side that are read of a longer sentence: a text may be one sentence.
const SENTENCE_REACH: usize = 300;
/// Largest distance of a verb of suffering before its object, in tokens.
const SUFFERED_REACH: usize = 7;

/// Words that report an event.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct EventTrigger {
    /// Position of the rule.
    pub(in super::super) rule: u16,
    pub(in super::super) tokens: Range<usize>,
    /// They only refer to an event: "the clashes".
    pub(in super::super) refers: bool,
}

impl EventLexicon {
    /// The words that report events in a sentence.
    pub(in super::super) fn triggers(&self, passage: &Passage, sentence: &Range<usize>) -> Vec<EventTrigger> {
        let mut found: Vec<EventTrigger> = Vec::new();
        for at in sentence.clone() {
            if !passage.is_word(at) {
                continue;
            }
            for (rule, len) in self.triggers.at(passage.text, passage.tokens, at, passage.language) {
                let tokens = at..at + len;
                if tokens.end > sentence.end || !self.fits(passage, sentence, rule, &tokens) {
                    continue;
                }
                let trigger = EventTrigger {
                    rule,
                    refers: self.refers(passage, rule, at),
                    tokens,
                };
                let kind = self.rules[usize::from(rule)].kind;
                let same = |one: &&mut EventTrigger| {
                    self.rules[usize::from(one.rule)].kind == kind && one.tokens.end > trigger.tokens.start
                };
                match found.iter_mut().find(same) {
                    Some(known) if self.is_better(passage, &trigger, known) => *known = trigger,
                    Some(_) => {}
                    None => found.push(trigger),
                }
            }
        }
        found
    }

    /// Of two phrases for one event the longer one is better. قصف and خطف are nouns and verbs: directly before a party
    /// they are verbs.
    fn is_better(&self, passage: &Passage, new: &EventTrigger, known: &EventTrigger) -> bool {
        if new.tokens.len() != known.tokens.len() {
            return new.tokens.len() > known.tokens.len();
        }
        let Passage {
            text, tokens, language, ..
        } = *passage;
        let acts = self
            .party_words
            .longest(text, tokens, new.tokens.end, language)
            .is_some();
        let is_verb = |one: &EventTrigger| self.rules[usize::from(one.rule)].form == Form::Verb;
        is_verb(new) != is_verb(known) && is_verb(new) == acts
    }

    /// True if a noun for an event begins at a token.
    pub(in super::super) fn is_noun_at(&self, passage: &Passage, at: usize) -> bool {
        let mut rules = self.triggers.at(passage.text, passage.tokens, at, passage.language);
        passage.is_word(at) && rules.any(|(rule, _)| self.rules[usize::from(rule)].is_noun())
    }

    fn fits(&self, passage: &Passage, sentence: &Range<usize>, rule: u16, tokens: &Range<usize>) -> bool {
        let rule = &self.rules[usize::from(rule)];
        // لاعتقال is "in order to arrest"; تعرض لقصف is "was shelled".
        if passage.has_proclitic(tokens.start, 'ل') && !self.is_suffered(passage, sentence, tokens.start) {
            return false;
        }
        // "displaced families" are a party, and no verb.
        let party = self
            .party_words
            .longest(passage.text, passage.tokens, tokens.start, passage.language);
        if party.is_some_and(|(_, len)| len > tokens.len()) {
            return false;
        }
        let first = tokens.start.saturating_sub(SENTENCE_REACH).max(sentence.start);
        let mut around = first..(tokens.end + SENTENCE_REACH).min(sentence.end);
        if rule.not != 0 && around.any(|at| self.class_at(passage, at) & rule.not != 0) {
            return false;
        }
        rule.near == 0 || self.is_near(passage, sentence, rule.near, tokens)
    }

    /// True if a verb of suffering precedes the words and they are its object.
    fn is_suffered(&self, passage: &Passage, sentence: &Range<usize>, at: usize) -> bool {
        let suffered = self.class_set("suffered");
        let first = at.saturating_sub(SUFFERED_REACH).max(sentence.start);
        (first..at).any(|at| self.class_at(passage, at) & suffered != 0)
    }

    fn is_near(&self, passage: &Passage, sentence: &Range<usize>, near: u64, tokens: &Range<usize>) -> bool {
        let open = |at: &usize| !matches!(passage.kind(*at), Some(Kind::Stop | Kind::Semicolon | Kind::Colon));
        let after = tokens.end..(tokens.end + NEAR_REACH).min(sentence.end);
        let before = tokens.start.saturating_sub(NEAR_REACH).max(sentence.start)..tokens.start;
        let is = |at: usize| self.class_at(passage, at) & near != 0;
        after.take_while(open).any(is) || before.rev().take_while(open).any(is)
    }

    /// The classes of the words that begin at a token.
    pub(super) fn class_at(&self, passage: &Passage, at: usize) -> u64 {
        let classes = self.classes.at(passage.text, passage.tokens, at, passage.language);
        classes.fold(0, |set, (class, _)| set | 1 << class)
    }

    /// True for a noun with its article, which refers to an event that is known already.
    fn refers(&self, passage: &Passage, rule: u16, at: usize) -> bool {
        let noun = matches!(self.rules[usize::from(rule)].form, Form::Noun | Form::Between);
        let determined = at.checked_sub(1).is_some_and(|before| {
            matches!(
                passage.slice(before),
                "the" | "The" | "these" | "those" | "such" | "any" | "ئەو" | "ئەم" | "هذه" | "تلك"
            )
        });
        noun && (passage.is_definite(at) || determined)
    }
}
