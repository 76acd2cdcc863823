//! English nouns that look like a verb of saying or its subject, and speakers after their verb.

use super::{
    AttributionFinder, FEWEST, Spoken, Statement,
    english::{HEADS, is_speaker, subject},
};
use crate::{
    geoparse::{
        claim_lexicon::{List, Lists, Needs},
        passage::Passage,
        speaker,
    },
    text::Kind,
};
use std::ops::Range;

impl AttributionFinder<'_> {
    /// The end of a speaker after the verb, where nothing else follows: "…, said an official at the company".
    pub(super) fn inverted(&self, spoken: &Spoken) -> Option<usize> {
        let passage = spoken.passage;
        let after_comma = spoken.at > spoken.sentence.start && passage.kind(spoken.at - 1) == Some(Kind::Comma);
        let end = self.noun_end(spoken, spoken.end);
        let last = end >= spoken.sentence.end || passage.kind(end) == Some(Kind::Stop);
        let acts = |at: usize| {
            let roles = passage.roles(at).0;
            let verb = roles.verb.is_some() || roles.role.is_some() || passage.slice(at).ends_with("ed");
            verb || roles.lists.any(Lists::of(&[
                List::Passive,
                List::Auxiliary,
                List::Relative,
                List::Hypothesis,
            ]))
        };
        let headed = (spoken.end..end.min(spoken.end + FEWEST + 1)).any(|at| passage.lists(at).any(HEADS));
        let plain = end > spoken.end && passage.is_word(spoken.end) && !(spoken.end..end).any(acts);
        // "Vance, a guardsman, said the military …": after the article of a known thing a clause may begin.
        let known = passage.slice(spoken.end).eq_ignore_ascii_case("the");
        let plain = plain && !known && spoken.verb.needs == Needs::Anything;
        (after_comma && last && headed && plain && is_speaker(passage, &(spoken.end..end))).then_some(end)
    }

    pub(super) fn push_inverted(&mut self, spoken: &Spoken, end: usize) {
        let quoted = self.quotation_before(spoken, &self.reader(spoken));
        let statement = match quoted.filter(|quoted| spoken.at - quoted.end <= 2) {
            Some(quoted) => Some(Statement::new(quoted, true, false)),
            None => self.clause_before(spoken, spoken.at),
        };
        let own = speaker::accept(spoken.passage, spoken.end..end);
        if let Some(statement) = statement {
            while statement.direct && self.found.last().is_some_and(|last| last.at > statement.tokens.start) {
                self.found.pop();
            }
            self.push(spoken, own, statement, spoken.at);
        }
    }

    /// Remembers the subject of a verb that reports nothing: "ISIS has not claimed responsibility, but it said …".
    pub(super) fn remember_subject(&mut self, spoken: &Spoken) {
        let lower = self.lower(spoken).min(spoken.at);
        let mut end = spoken.at;
        while end > lower
            && spoken
                .passage
                .lists(end - 1)
                .any(Lists::of(&[List::Negation, List::Auxiliary, List::Passive]))
        {
            end -= 1;
        }
        let found = subject(spoken.passage, end, lower).noun;
        let begins = found.filter(|noun| noun.start == spoken.sentence.start);
        if let Some(own) = begins.and_then(|noun| speaker::accept(spoken.passage, noun)) {
            self.speakers.remember(own, spoken.verb.gender);
        }
    }
}

/// Verbs whose object is a thing found as well as a statement.
pub(super) fn is_finding(passage: &Passage, verb: usize) -> bool {
    matches!(
        passage.slice(verb),
        "found"
            | "finds"
            | "determined"
            | "determines"
            | "learned"
            | "declare"
            | "declared"
            | "declares"
            | "documented"
    )
}

/// Verbs in the singular with the letters of a noun in the plural.
pub(super) fn may_be_noun(passage: &Passage, verb: usize) -> bool {
    const NOUNS: [&str; 10] = [
        "reports",
        "claims",
        "states",
        "estimates",
        "demands",
        "orders",
        "requests",
        "calls",
        "finds",
        "tells",
    ];
    NOUNS.iter().any(|noun| passage.slice(verb).eq_ignore_ascii_case(noun))
}

/// "Officials gave conflicting reports", "five member states": a noun in the plural, which its singular verb would not fit.
pub(super) fn is_plural_noun(spoken: &Spoken, subject: &Range<usize>) -> bool {
    let passage = spoken.passage;
    if !may_be_noun(passage, spoken.at) {
        return false;
    }
    let last = subject.end - 1;
    let plural = |at: usize| {
        let word = passage.slice(at);
        word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && passage.roles(at).0.lists.any(HEADS)
    };
    let number = passage
        .roles(subject.start)
        .0
        .number
        .is_some_and(|number| number.value > 1.0);
    let described = last > subject.start && passage.slice(last).ends_with("ing") && !passage.tokens[last].is_capital();
    number || described || subject.clone().any(plural)
}

/// "an attack outside Baghdad reported on Monday": a preposition that joins no speaker governs the noun.
pub(super) fn is_governed(passage: &Passage, lower: usize, noun: &Range<usize>) -> bool {
    const PREPOSITIONS: [&str; 22] = [
        "outside", "inside", "near", "around", "between", "behind", "beyond", "across", "along", "under", "over",
        "into", "onto", "towards", "toward", "until", "since", "despite", "without", "within", "against", "to",
    ];
    let before = noun.start.checked_sub(1).filter(|before| *before >= lower);
    before.is_some_and(|before| {
        let close = before > lower && matches!(passage.slice(before - 1), "close" | "According" | "according" | "due");
        PREPOSITIONS.contains(&passage.slice(before)) && !close
    })
}
