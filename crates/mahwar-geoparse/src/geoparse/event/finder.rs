//! Words that report an event, checked against the words near them.

use super::lexicon::{EventLexicon, Form};
use crate::{
    geoparse::{
        claim_lexicon::List,
        parse::{ClaimType, Role},
        passage::Passage,
    },
    text::Kind,
};
use std::ops::Range;

/// Largest distance of a word of `near` from the words of the event, in tokens.
const NEAR_REACH: usize = 10;
/// Largest distance of a word such as "prices" for the thing controlled, in tokens.
const PRICE_REACH: usize = 6;
/// Largest distance of the subject or complement that makes an event a figure of speech, in tokens.
const FIGURE_REACH: usize = 5;
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

    /// True if words that may report an event begin at a token.
    pub(in super::super) fn reports_at(&self, passage: &Passage, at: usize) -> bool {
        let mut rules = self.triggers.at(passage.text, passage.tokens, at, passage.language);
        passage.is_word(at) && rules.next().is_some()
    }

    /// True if words that name a party begin at a token.
    pub(in super::super) fn names_party(&self, passage: &Passage, at: usize) -> bool {
        let named = self
            .party_words
            .longest(passage.text, passage.tokens, at, passage.language);
        named.is_some()
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
        // "took control of the blaze", but not "…, the ministry said".
        let price = self.class_set("price");
        let object =
            tokens.start.saturating_sub(PRICE_REACH).max(sentence.start)..(tokens.end + PRICE_REACH).min(sentence.end);
        let is = |at: usize, classes: u64| self.class_at(passage, at) & classes != 0;
        let (wide, close) = (rule.not & !price, rule.not & price);
        let forbidden =
            (wide != 0 && around.any(|at| is(at, wide))) || (close != 0 && object.into_iter().any(|at| is(at, close)));
        if forbidden {
            return false;
        }
        // "after the liberation of the town": a change of another day.
        let background = self.class_set("after");
        let after = tokens.start > sentence.start && self.class_at(passage, tokens.start - 1) & background != 0;
        let article = tokens.start >= sentence.start + 2
            && passage.slice(tokens.start - 1) == "the"
            && self.class_at(passage, tokens.start - 2) & background != 0;
        if rule.kind == ClaimType::ChangeOfControl && rule.is_noun() && (after || article) {
            return false;
        }
        if self.is_other_word(passage, sentence, rule.kind, tokens) {
            return false;
        }
        if self.is_figurative(passage, sentence, rule.kind, tokens) {
            return false;
        }
        rule.near == 0 || self.is_near(passage, sentence, rule.near, tokens)
    }

    /// Words with the letters of an event's that report none: فجر as the time of day, "blew himself up", "the Iraqi city of".
    fn is_other_word(
        &self,
        passage: &Passage,
        sentence: &Range<usize>,
        kind: ClaimType,
        tokens: &Range<usize>,
    ) -> bool {
        let is = |at: usize, class: &str| self.class_at(passage, at) & self.class_set(class) != 0;
        let before = tokens.start.checked_sub(1).filter(|before| *before >= sentence.start);
        let first = passage.slice(tokens.start);
        match kind {
            ClaimType::Destruction => {
                let dawn = first == "فجر"
                    && (before.is_some_and(|at| {
                        matches!(passage.slice(at), "قبل" | "بعد" | "مع" | "عند" | "منذ" | "حتى" | "في")
                    }) || passage.lists(tokens.end).has(List::Time)
                        || matches!(passage.slice(tokens.end), "اليوم" | "أمس" | "امس" | "يوم"));
                let own = matches!(
                    passage.slice(tokens.end),
                    "himself"
                        | "herself"
                        | "themselves"
                        | "itself"
                        | "نفسه"
                        | "نفسها"
                        | "نفسيهما"
                        | "أنفسهم"
                        | "انفسهم"
                );
                let sorani = before.is_some_and(|at| matches!(passage.slice(at), "خۆی" | "خۆیان"));
                dawn || own || sorani
            }
            // حي التحرير: the name of a quarter.
            ClaimType::ChangeOfControl => {
                before.is_some_and(|at| is(at, "quarter")) && passage.is_definite(tokens.start)
            }
            // "a detention centre", "an arrest warrant"
            ClaimType::Arrest => is(tokens.end, "custody"),
            // "a kidnapping gang", "arrested for kidnapping": the crime of people, and no event.
            ClaimType::Abduction => {
                let last = (tokens.end + 3).min(sentence.end);
                let gang = (tokens.end..last).any(|at| is(at, "gang"));
                let arrested = |at: usize| passage.roles(at).0.role == Some(Role::Arrested);
                gang || before.is_some_and(|at| is(at, "charge")) && sentence.clone().take(SENTENCE_REACH).any(arrested)
            }
            ClaimType::TerritorialClaim => {
                let last = passage.slice(tokens.end - 1);
                matches!(last, "city" | "province") && passage.slice(tokens.end) == "of"
            }
            _ => false,
        }
    }

    /// "the economy was shelled", "a clash of cultures": a word for something that no weapon hits is the subject, the agent or
    /// the complement.
    fn is_figurative(
        &self,
        passage: &Passage,
        sentence: &Range<usize>,
        kind: ClaimType,
        tokens: &Range<usize>,
    ) -> bool {
        let violent = matches!(
            kind,
            ClaimType::AirstrikeOrShelling | ClaimType::Clash | ClaimType::ExplosiveDevice | ClaimType::Abduction
        );
        if !violent {
            return false;
        }
        let abstracts = self.class_set("abstract");
        let open = |at: &usize| {
            !matches!(
                passage.kind(*at),
                Some(Kind::Stop | Kind::Semicolon | Kind::Colon | Kind::Comma)
            )
        };
        let is = |at: usize| self.class_at(passage, at) & abstracts != 0;
        let after = tokens.end..(tokens.end + FIGURE_REACH).min(sentence.end);
        let before = tokens.start.saturating_sub(FIGURE_REACH - 2).max(sentence.start)..tokens.start;
        after.take_while(open).any(is) || before.rev().take_while(open).any(is)
    }

    /// True if words for a protest begin at a token.
    pub(in super::super) fn is_protest_at(&self, passage: &Passage, at: usize) -> bool {
        let mut rules = self.triggers.at(passage.text, passage.tokens, at, passage.language);
        passage.is_word(at) && rules.any(|(rule, _)| self.rules[usize::from(rule)].kind == ClaimType::Protest)
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
    pub(in super::super) fn class_at(&self, passage: &Passage, at: usize) -> u64 {
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
