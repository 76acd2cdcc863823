//! Reports that a text calls false: "reports that four people died are false".

use super::{
    claim_lexicon::{List, Lists},
    parse::Stance,
    passage::Passage,
};
use crate::{language::Language, text::Kind};
use std::ops::Range;

/// Longest way from the words of a report back to its noun, and on to the word that calls it false.
const BACK: usize = 16;
const AHEAD: usize = 40;
/// Words at the beginning of a statement within which it names the report.
const OPENING: usize = 4;
/// Words between a noun such as "reports" and a relative clause about it.
const RELATIVE: usize = 6;

/// True if the words at some tokens are part of a report that the text calls false.
pub(super) fn is_refuted(passage: &Passage, bounds: &Range<usize>, words: &Range<usize>) -> bool {
    let report = report_before(passage, bounds, words.start);
    let false_before = report.is_some_and(|report| {
        let first = report.saturating_sub(OPENING).max(bounds.start);
        (first..report).any(|at| passage.lists(at).has(List::False))
    });
    false_before
        || is_disowned(passage, bounds, words)
        || is_said_false(passage, bounds, words.start)
        || false_after(passage, bounds.end, words.end, report.is_some())
}

/// True if a statement calls a report false, so that whoever makes it denies the report.
pub(super) fn refutes(passage: &Passage, statement: &Range<usize>) -> bool {
    let first = statement.start..(statement.start + OPENING).min(statement.end);
    let opening = first.clone().find(|at| passage.lists(*at).has(List::False));
    if let Some(at) = opening {
        let len = passage.roles(at).1;
        let next = at + len..(at + len + OPENING).min(statement.end);
        let names = |at: usize| passage.lists(at).any(Lists::of(&[List::Rumour, List::That]));
        if next.into_iter().any(names) {
            return true;
        }
    }
    let opening_end = first.end;
    let report = first.into_iter().find(|at| passage.lists(*at).has(List::Rumour));
    // The Sorani verb follows its object.
    let disowned = match passage.language {
        Language::Sorani => statement.start..(statement.start + AHEAD).min(statement.end),
        _ => statement.start..opening_end,
    };
    if disowned.into_iter().any(|at| disowns(passage, statement.start, at)) {
        return true;
    }
    let predicate = passage.language == Language::Sorani && {
        let last = statement.end.saturating_sub(OPENING).max(statement.start);
        (last..statement.end).any(|at| at + passage.roles(at).1 == statement.end && passage.lists(at).has(List::False))
    };
    predicate || report.is_some_and(|report| false_after(passage, statement.end, report + 1, true))
}

/// True if a verb of denial in the first person begins at a token: "we deny", ننفي. `first`: first token of the statement.
fn disowns(passage: &Passage, first: usize, at: usize) -> bool {
    let denies = match passage.language {
        Language::English => {
            let subject = passage.slice(at).eq_ignore_ascii_case("we") || passage.slice(at) == "I";
            let adverb = |at: &usize| passage.slice(*at).ends_with("ly");
            let verb = (at + 1..at + 1 + OPENING).find(|at| !adverb(at));
            subject && verb.is_some_and(|verb| stance_at(passage, verb) == Some(Stance::Denied))
        }
        _ => passage.lists(at).has(List::Disowns),
    };
    let negated = |at: usize| passage.lists(at).any(Lists::of(&[List::Negation, List::Negated]));
    denies && !(at.saturating_sub(OPENING).max(first)..at).any(negated)
}

/// Stance of the verb of saying that begins at a token.
fn stance_at(passage: &Passage, at: usize) -> Option<Stance> {
    let verb = passage.roles(at).0.verb?;
    Some(passage.lexicon.verbs.get(usize::from(verb))?.stance)
}

/// "we deny that five soldiers died", ئەوە ڕەت دەکەینەوە کە: a verb of denial in the first person governs the words.
fn is_disowned(passage: &Passage, bounds: &Range<usize>, words: &Range<usize>) -> bool {
    let open = |at: &usize| {
        let ends = matches!(passage.kind(*at), Some(Kind::Stop | Kind::Semicolon | Kind::Colon));
        !ends && !passage.lists(*at).any(Lists::of(&[List::Boundary, List::Contrast]))
    };
    let first = words.start.saturating_sub(AHEAD).max(bounds.start);
    let denies = |at: usize| disowns(passage, bounds.start, at);
    let before = (first..words.start).rev().take_while(open).any(denies);
    let last = (words.end + AHEAD).min(bounds.end);
    before || passage.language == Language::Sorani && (words.end..last).take_while(open).any(denies)
}

/// True if the verb at a token is that of a relative clause about a report: "reports which said".
pub(super) fn is_relative_to_report(passage: &Passage, first: usize, verb: usize) -> bool {
    let Some(relative) = verb.checked_sub(1).filter(|at| *at > first) else {
        return false;
    };
    passage.lists(relative).any(Lists::of(&[List::Relative, List::That])) && follows_report(passage, first, relative)
}

/// True if a noun such as "reports" is a few words before a token, with no mark between.
pub(super) fn follows_report(passage: &Passage, first: usize, end: usize) -> bool {
    let words = (end.saturating_sub(RELATIVE).max(first)..end)
        .rev()
        .take_while(|at| passage.is_word(*at));
    words.into_iter().any(|at| passage.lists(at).has(List::Rumour))
}

/// The noun of the report whose words these are.
fn report_before(passage: &Passage, bounds: &Range<usize>, start: usize) -> Option<usize> {
    let first = start.saturating_sub(BACK).max(bounds.start);
    let clause = (first..start).rev().take_while(|at| {
        let ends = matches!(
            passage.kind(*at),
            Some(Kind::Stop | Kind::Semicolon | Kind::Colon | Kind::Comma)
        );
        !ends && !passage.lists(*at).any(Lists::of(&[List::Boundary, List::Contrast]))
    });
    clause.into_iter().find(|at| passage.lists(*at).has(List::Rumour))
}

/// "it is false that five soldiers died".
fn is_said_false(passage: &Passage, bounds: &Range<usize>, start: usize) -> bool {
    let first = start.saturating_sub(BACK).max(bounds.start);
    (first..start).any(|at| {
        let (roles, len) = passage.roles(at);
        roles.lists.has(List::False) && passage.lists(at + len).has(List::That) && at + len < start
    })
}

/// A word that calls false what comes before it. `report`: a noun such as "reports" governs what comes before.
fn false_after(passage: &Passage, bound: usize, end: usize, report: bool) -> bool {
    const ENDS: Lists = Lists::of(&[List::Boundary, List::Contrast]);
    const CLAUSE: Lists = Lists::of(&[List::That, List::Relative]);
    let last = (end + AHEAD).min(bound);
    let mut at = end;
    while at < last {
        let (roles, len) = passage.roles(at);
        let stops = match passage.kind(at) {
            Some(Kind::Stop | Kind::Semicolon | Kind::Colon) => true,
            Some(Kind::Comma) => !report,
            _ => roles.lists.any(ENDS) || (!report && roles.lists.any(CLAUSE)),
        };
        if stops {
            return false;
        }
        if roles.lists.has(List::False) && is_predicate(passage, end, at, report) {
            return true;
        }
        at += len;
    }
    false
}

/// True if a word for "false" is said of what comes before: English has its verb, Sorani its ending; in Arabic an
/// adjective needs the noun.
fn is_predicate(passage: &Passage, first: usize, at: usize, report: bool) -> bool {
    match passage.language {
        Language::Sorani => true,
        Language::Arabic => report || passage.slice(at).starts_with("غير") || passage.slice(at).starts_with("عار"),
        _ => {
            let adverb = |at: &usize| passage.slice(*at).ends_with("ly");
            let verb = (first..at).rev().find(|at| !adverb(at));
            verb.is_some_and(|verb| {
                passage.lists(verb).has(List::Passive) || (report && passage.slice(verb).eq_ignore_ascii_case("as"))
            })
        }
    }
}
